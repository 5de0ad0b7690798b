import { isEscalated, isFinal, type Payout } from '../../domain/payout.ts';
import { checked, incomplete } from '../../domain/reconciliation.ts';
import type { IndexPosition, SweptPayout } from '../shared/ports.ts';
import { startGuard } from '../shared/start-guard.ts';
import { find, type ReconcileDeps, type Step, type StepResult, type Work } from './step.ts';

export type OpenCursor = {
  /** The last payout that was looked at. */
  readonly after: IndexPosition | null;
  readonly payouts: number;
};

const PAYOUTS_PER_CALL = 25;
/** Payouts are open for minutes: so many at once are a defect, or Monoova has been away for a day. */
const PAYOUTS_PER_RUN = 5_000;

/**
 * Every open payout has a guard: one whose guard has ended, or was never started, gets another. Starting a guard by its name asks whether
 * it runs and starts it if it never did, in one call. The index lags, so that the record is read before anything is done; two
 * guards of one payout do no harm. Payouts that a person owns are left to that person. Safe to repeat.
 */
export async function watchOpen(
  deps: ReconcileDeps,
  { cursor, tally }: Step<OpenCursor>,
): Promise<StepResult<OpenCursor>> {
  const at = cursor ?? { after: null, payouts: 0 };
  const work: Work = { tally, looksLeft: 0, writesLeft: 0 };
  const until = new Date(deps.nowMs() - deps.youngMs).toISOString();
  const limit = deps.openPerCall ?? PAYOUTS_PER_CALL;
  const { payouts, isEnd } = await deps.sweeps.open(until, { limit, after: at.after ?? undefined });
  for (const payout of payouts) await watch(deps, work, payout);
  const last = payouts.at(-1);
  const total = at.payouts + payouts.length;
  if (isEnd || !last) return { cursor: null, tally: work.tally };
  if (total >= PAYOUTS_PER_RUN) {
    return { cursor: null, tally: incomplete(work.tally, `only ${total} open payouts were looked after`) };
  }
  const { transaction_id, created_at } = last;
  return { cursor: { after: { transaction_id, created_at }, payouts: total }, tally: work.tally };
}

async function watch(deps: ReconcileDeps, work: Work, { transaction_id: id }: SweptPayout): Promise<void> {
  const payout = await deps.store.read(id);
  if (!payout || isFinal(payout.status)) return;
  work.tally = checked(work.tally, 'open');
  if (isEscalated(payout)) return find(deps, work, 'escalated', { id });
  const { guards: number = 1 } = payout;
  const start = await deps.guards.start(id, number);
  if (start === 'started') return find(deps, work, 'guard-started', { id, detail: `guard ${number}` });
  if (start === 'ended') await replace(deps, work, payout);
}

/** The guard may have ended since its payout was read: then its last word is in the record by now. */
async function replace(deps: ReconcileDeps, work: Work, payout: Payout): Promise<void> {
  const id = payout.transaction_id;
  const now = await deps.store.read(id);
  if (!now || isFinal(now.status)) return;
  if (isEscalated(now)) return find(deps, work, 'escalated', { id });
  const number = await startGuard(deps, payout);
  if (number !== undefined) return find(deps, work, 'guard-started', { id, detail: `guard ${number}` });
  const then = await deps.store.read(id);
  if (then && !isFinal(then.status)) find(deps, work, 'guards-used-up', { id });
}
