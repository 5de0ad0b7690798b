import { createAsk } from '../shared/ask.ts';
import type { GateDeps } from '../shared/gate.ts';
import type { MonoovaFunds, MonoovaLine, PayoutSweeps } from '../shared/ports.ts';

export type WatchPayoutsDeps = GateDeps<MonoovaLine & MonoovaFunds> & {
  readonly sweeps: Pick<PayoutSweeps, 'open'>;
  /** 16 digits; empty where nobody has said which mAccount pays. */
  readonly mAccount: string;
};

/** `availableCents` is left out where Monoova was not asked, or did not tell. */
export type Watched = { readonly oldestOpenSeconds: number; readonly availableCents?: number };

/** As long as this function may run: until then a question that has to find out about a key keeps others out. */
export const INVOCATION_MS = 15_000;

/**
 * Measures what no single payout shows: since when the oldest open one is open (zero where none is), and what the mAccount can still pay.
 * Written each time, so that silence means that nobody watches. Changes no payout. Safe to repeat.
 */
export function createHandler(deps: WatchPayoutsDeps): (event: unknown, attempt: string) => Promise<Watched> {
  return async function watchPayouts(_event, attempt) {
    const oldestOpenSeconds = await ageOfOldest(deps);
    deps.metrics.measure('OldestOpenSeconds', oldestOpenSeconds);
    const availableCents = await availableAt(deps, attempt);
    if (availableCents === undefined) return { oldestOpenSeconds };
    deps.metrics.measure('AvailableCents', availableCents);
    return { oldestOpenSeconds, availableCents };
  };
}

/** By the index, which lags by less than a second. */
async function ageOfOldest({ sweeps, nowMs }: WatchPayoutsDeps): Promise<number> {
  const { payouts } = await sweeps.open(new Date(nowMs()).toISOString(), { limit: 1 });
  const [oldest] = payouts;
  return oldest ? Math.max(0, Math.floor((nowMs() - Date.parse(oldest.created_at)) / 1000)) : 0;
}

async function availableAt(deps: WatchPayoutsDeps, attempt: string): Promise<number | undefined> {
  if (deps.mAccount === '') return undefined;
  const ask = createAsk(deps, { attempt, untilMs: deps.nowMs() + INVOCATION_MS });
  const told = await ask((line) => line.available(deps.mAccount));
  if (told.kind === 'told') return told.availableCents;
  const detail = told.kind === 'unknown' ? told.detail : told.code;
  deps.log.warn('Monoova did not tell what the mAccount can pay.', { detail });
  return undefined;
}
