import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';
import { type FindingClass, found, type Named, type Run, type Tally } from '../../domain/reconciliation.ts';
import { addDays } from '../../domain/sydney-day.ts';
import type { ControlStore, Guards, NowMs, PayoutSweeps, Told } from '../shared/ports.ts';
import { type SettleDeps, settle } from '../shared/settle.ts';
import type { AskMonoova } from './gated-books.ts';

export type ReconcileDeps = SettleDeps & {
  readonly sweeps: PayoutSweeps;
  readonly guards: Guards;
  readonly monoova: AskMonoova;
  readonly controls: ControlStore;
  readonly nowMs: NowMs;
  /** A payout younger than this is left alone: its submission, or its guard's first look, may still be under way. In milliseconds. */
  readonly youngMs: number;
  /** How many open payouts one call looks after, from 1; by default 25. */
  readonly openPerCall?: number | undefined;
};

/** Strongly consistent: no payment is sent while it is true. */
export async function isPaused({ controls }: Pick<ReconcileDeps, 'controls'>): Promise<boolean> {
  return (await controls.read()).paused_at !== undefined;
}

/** One call's share of one phase. Without a cursor the phase begins; it ends with a cursor of null. */
export type Step<Cursor> = {
  readonly run: Run;
  readonly cursor: Cursor | null;
  readonly tally: Tally;
  /** Of the reconciliation. */
  readonly executionArn: string;
};
export type StepResult<Cursor> = { readonly cursor: Cursor | null; readonly tally: Tally };

/**
 * Monoova's day of a payment may be the one of its POST, which comes after midnight for some payouts of the day before, or the one of
 * its end: no source says which.
 */
export const OVERLAP_DAYS = 1;

/** The first day whose books are read. */
export function firstBookDay({ from }: Run): string {
  return addDays(from, -OVERLAP_DAYS);
}

/** The day after this one, while its books are to be read. Books of the future are not asked for. */
export function nextBookDay({ to, today }: Run, day: string): string | undefined {
  const next = addDays(day, 1);
  const last = addDays(to, OVERLAP_DAYS);
  return next <= last && next <= today ? next : undefined;
}

/** What one call has found and may still do: it ends early rather than late, and the next one goes on. */
export type Work = { tally: Tally; looksLeft: number; writesLeft: number };

export function isSpent({ looksLeft, writesLeft }: Work): boolean {
  return looksLeft <= 0 || writesLeft <= 0;
}

/** Counted and named in the report, and always in the log: the report names only so many. */
export function find(deps: ReconcileDeps, work: Work, what: FindingClass, named: Named): void {
  work.tally = found(work.tally, what, named);
  deps.log.info('Reconciliation has found something.', { finding: what, id: named.id, detail: named.detail });
}

/** Of an answer that told nothing. */
export function reasonOf(told: Exclude<Told<object>, { kind: 'told' }>): string {
  return told.kind === 'credentials-refused' ? `Monoova refuses our key (${told.code})` : told.detail;
}

/** Facts that Monoova's books teach, through the one path to a status. */
export async function apply(
  deps: ReconcileDeps,
  work: Work,
  payout: Pick<Payout, 'transaction_id' | 'uniqueReference'>,
  taught: Pick<Fact, 'kind' | 'detail' | 'amount_cents' | 'monoova_transaction_id'>,
): Promise<{ readonly payout: Payout | undefined; readonly isNew: boolean }> {
  work.writesLeft -= 1;
  const settled = await settle(deps, payout.transaction_id, {
    ...taught,
    source: 'reconciliation',
    observed_at: new Date(deps.nowMs()).toISOString(),
  });
  if (settled.outcome === 'no-such-payout') return { payout: undefined, isNew: false };
  return { payout: settled.payout, isNew: settled.outcome === 'applied' };
}
