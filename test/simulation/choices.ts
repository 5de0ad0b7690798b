import { type Chance, chanceOf } from './chance.ts';
import type { Fault, Point } from './faults.ts';
import { type Habits, leaningTo, themeOf } from './themes.ts';

/** All that is left to chance, or to whoever steers a run. */
export interface Choices {
  readonly chance: Chance;
  /** The kind of fault that comes about at a point, one of its kinds; undefined for none. Asked once for each point. */
  fault(point: Point, elapsedMs: number): string | undefined;
}

/** Repeats the faults of a list, and no others. A fault whose moment does not come is not missed. */
export function scriptedChoices(seed: number, faults: readonly Fault[]): Choices {
  const kinds = new Map(faults);
  return {
    chance: chanceOf(seed),
    fault({ name, kinds: possible }) {
      const kind = kinds.get(name);
      return kind !== undefined && possible.includes(kind) ? kind : undefined;
    },
  };
}

/** How often anything goes wrong, run by run: now and then nothing does, and now and then hardly anything goes right. */
const RATES = [0, 0.004, 0.012, 0.03, 0.07, 0.15, 0.3] as const;
/** Beside what a run with a theme is about, little goes wrong: else it would not come to it. */
const THEMED_RATE = 0.004;
/** One label in five goes wrong five times as often as the rest of the run, and one in four never. */
const HOT = { share: 0.2, factor: 5 } as const;
const QUIET_SHARE = 0.25;
/** A kind takes part in a run, or does not: a fault that always meets all others hides what it does alone. Often one goes alone. */
const KIND_SHARE = 0.6;
const SINGLE_SHARE = 0.5;
const RATE_MAX = 0.9;
/** Effects that few runs come to: a fault that would be rare among them would never come about. */
const RARE =
  /task_token$|SendTaskSuccess$|PutItem controls|DeleteItem idempotency|GET public key|^person: |^(reconcile|retry-webhook): (?!environment|GET report|GetItem controls)|(DestinationUnusable|GiveBack|Over|Declined|Paused|TellBroken)/;
const RARE_FACTOR = 12;
/** And those that one run in some hundreds comes to: there something goes wrong more often than not, wherever anything does. */
const RAREST =
  /^(person|operator|reconcile): (?!environment|GET report|GetItem)|task_token$|SendTaskSuccess$|DeleteItem idempotency$/;
const RAREST_RATE = 0.6;

const OUTAGE_SHARE = 0.12;
const OUTAGE_RATE = 0.97;
const OUTAGE_BEGINS_MS = { min: 1, max: 2 * 86_400_000 } as const;
const OUTAGE_LASTS_MS = { min: 2_000, max: 3 * 86_400_000 } as const;

type Outage = { readonly fromMs: number; readonly toMs: number };

function rateOf(chance: Chance): number {
  return RATES[Math.floor(chance.unit('rate') * RATES.length)] ?? 0;
}

/** A run in which nothing goes wrong but what Monoova and clients do in ordinary life. */
export function isCalm(seed: number): boolean {
  return rateOf(chanceOf(seed)) === 0;
}

/** A run that is about some effects that few runs come to: its figures are no other run's. */
export function hasTheme(seed: number): boolean {
  return !isCalm(seed) && themeOf(chanceOf(seed)) !== undefined;
}

/** Draws every fault from the seed. Which parts go wrong, how often and in which ways differs from run to run. */
export function seededChoices(seed: number): Choices {
  const chance = chanceOf(seed);
  const theme = hasTheme(seed) ? themeOf(chance) : undefined;
  const baseRate = theme === undefined ? rateOf(chance) : THEMED_RATE;
  const habits = new Map<string, Habits>();
  const outages = new Map<string, Outage | undefined>();

  function habitsOf(point: Point): Habits {
    const { label } = point;
    const known = habits.get(label);
    if (known) return known;
    const own = leaningTo(theme, chance, point) ?? usualHabitsOf(point);
    habits.set(label, own);
    return own;
  }

  function usualHabitsOf({ label, kinds, rate, weight = 1 }: Point): Habits {
    const temper = chance.unit(`temper ${label}`);
    const factor = temper < HOT.share ? HOT.factor : temper > 1 - QUIET_SHARE ? 0 : 1;
    const usual = Math.min(RATE_MAX, baseRate * factor * Math.max(weight, RARE.test(label) ? RARE_FACTOR : 1));
    return {
      rate: rate ?? (usual > 0 && RAREST.test(label) && theme === undefined ? Math.max(usual, RAREST_RATE) : usual),
      kinds: kindsOf(label, kinds),
    };
  }

  function kindsOf(label: string, kinds: readonly string[]): readonly string[] {
    const single = kinds[Math.floor((chance.unit(`kind of ${label}`) / SINGLE_SHARE) * kinds.length)];
    if (single !== undefined) return [single];
    return kinds.filter((kind) => chance.unit(`kind ${kind} ${label}`) < KIND_SHARE);
  }

  function outageOf(service: string): Outage | undefined {
    if (outages.has(service)) return outages.get(service);
    const fromMs = chance.spread(`outage of ${service} begins`, OUTAGE_BEGINS_MS.min, OUTAGE_BEGINS_MS.max);
    const lastsMs = chance.spread(`outage of ${service} lasts`, OUTAGE_LASTS_MS.min, OUTAGE_LASTS_MS.max);
    const isOut = baseRate > 0 && chance.unit(`outage of ${service}`) < OUTAGE_SHARE;
    const outage = isOut ? { fromMs, toMs: fromMs + lastsMs } : undefined;
    outages.set(service, outage);
    return outage;
  }

  return {
    chance,
    fault(point, elapsedMs) {
      const { rate, kinds } = habitsOf(point);
      if (kinds.length === 0) return undefined;
      const outage = point.rate === undefined ? outageOf(point.service) : undefined;
      const isOut = outage !== undefined && elapsedMs >= outage.fromMs && elapsedMs < outage.toMs;
      const drawn = chance.unit(point.name) / (isOut ? OUTAGE_RATE : rate);
      const kind = kinds[Math.floor(drawn * kinds.length)];
      // Not every moment of a label can have all of its kinds.
      return kind !== undefined && point.kinds.includes(kind) ? kind : undefined;
    },
  };
}
