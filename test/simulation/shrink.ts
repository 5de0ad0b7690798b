import type { Fault } from './faults.ts';
import { runSeed, type SeedOptions } from './run-seed.ts';
import { PAYOUTS_MAX, type WorldEnd } from './world.ts';

/** Enough for a few hundred faults; a run takes hundredths of a second. */
const TRIES_MAX = 1_500;

export type Smallest = { readonly payouts: readonly number[] | undefined; readonly faults: readonly Fault[] };

/**
 * Leaves out whatever is not needed for the same invariant to break: payouts first, then faults, half of them at a time and
 * ever fewer (delta debugging: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
 */
export async function shrink(seed: number, found: WorldEnd, options: SeedOptions): Promise<Smallest> {
  const invariant = found.violation?.invariant;
  let tries = 0;
  const breaks = async ({ payouts, faults }: Smallest): Promise<boolean> => {
    if (tries >= TRIES_MAX) return false;
    tries += 1;
    const { violation } = await runSeed(seed, { ...options, faults, settings: { ...options.settings, payouts } });
    return violation?.invariant === invariant;
  };
  const few = await fewerPayouts(found.faults, breaks);
  return { ...few, faults: await fewerFaults(few, breaks) };
}

type Breaks = (candidate: Smallest) => Promise<boolean>;

/** One payout alone, where one is enough. */
async function fewerPayouts(faults: readonly Fault[], breaks: Breaks): Promise<Smallest> {
  for (let index = 1; index <= PAYOUTS_MAX; index++) {
    const alone = { payouts: [index], faults };
    if (await breaks(alone)) return alone;
  }
  return { payouts: undefined, faults };
}

async function fewerFaults({ payouts, faults }: Smallest, breaks: Breaks): Promise<readonly Fault[]> {
  let kept = faults;
  let parts = 2;
  while (kept.length > 0) {
    const size = Math.ceil(kept.length / parts);
    const smaller = await firstOf(kept, size, (rest) => breaks({ payouts, faults: rest }));
    if (smaller) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) return kept;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}

/** The list without one of its parts, if the rest still breaks. */
async function firstOf(
  faults: readonly Fault[],
  size: number,
  breaks: (rest: readonly Fault[]) => Promise<boolean>,
): Promise<readonly Fault[] | undefined> {
  for (let start = 0; start < faults.length; start += size) {
    const rest = [...faults.slice(0, start), ...faults.slice(start + size)];
    if (await breaks(rest)) return rest;
  }
  return undefined;
}
