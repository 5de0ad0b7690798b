import { compareStatement, compareStatus, isListedTwice, type Said } from '../../domain/comparison.ts';
import type { ComparedPayout, Payout } from '../../domain/payout.ts';
import { type Booked, rebuildPayout } from '../../domain/rebuild.ts';
import { checked, incomplete, type Run } from '../../domain/reconciliation.ts';
import { hasOurForm, transactionIdOf } from '../../domain/reference.ts';
import type { BookedStatus, LookupResult } from '../shared/ports.ts';
import { type BookedPayment, paymentsOf } from './books.ts';
import {
  apply,
  find,
  firstBookDay,
  isPaused,
  isSpent,
  nextBookDay,
  type ReconcileDeps,
  reasonOf,
  type Step,
  type StepResult,
  type Work,
} from './step.ts';

export type CompareCursor = {
  readonly day: string;
  /** The last reference that was looked at; empty at the beginning of a day. */
  readonly after: string;
  /** How many of the day were looked at. */
  readonly payments: number;
};

/** Bounds of one call: seconds of work where Monoova is quick, and less than the function's 29 where it is slow. */
const PAYMENTS_PER_CALL = 500;
const WRITES_PER_CALL = 50;
const LOOKS_PER_CALL = 3;
/** Of one day. More than a hundred times the payouts that this system was made for. */
const PAYMENTS_PER_DAY = 20_000;

type Context = { readonly deps: ReconcileDeps; readonly run: Run; readonly work: Work; readonly executionArn: string };

/**
 * Monoova's books of each day against our records. What Monoova says with proof is applied; the rest is told. Safe to repeat.
 *
 *     books of the day ─▶ our records, read strongly and after the books ─▶ verdict ─▶ fact, or finding
 *
 * A payment is recorded before it is posted, so that a payment of ours in the books without a record afterwards is one.
 */
export async function compareStatuses(
  deps: ReconcileDeps,
  { run, cursor, tally, executionArn }: Step<CompareCursor>,
): Promise<StepResult<CompareCursor>> {
  const at = cursor ?? { day: firstBookDay(run), after: '', payments: 0 };
  const work: Work = { tally, looksLeft: LOOKS_PER_CALL, writesLeft: WRITES_PER_CALL };
  const books = await readBooks(deps, work, at.day);
  if (!books) return nextDay(run, at, work);
  if (at.after === '') work.tally = checked(checked(work.tally, 'foreign', books.foreign), 'payments', books.foreign);
  const left = books.payments.filter(({ reference }) => reference > at.after);
  const share = left.slice(0, PAYMENTS_PER_CALL);
  const records = await deps.sweeps.readMany(share.map(({ reference }) => transactionIdOf(reference)));
  const done = await compareShare({ deps, run, work, executionArn }, share, { records, day: at.day });
  if (done === left.length) return nextDay(run, at, work);
  const payments = at.payments + done;
  if (payments >= PAYMENTS_PER_DAY) {
    work.tally = incomplete(work.tally, `of ${at.day} only ${payments} payments were compared`);
    return nextDay(run, at, work);
  }
  return { cursor: { day: at.day, after: share[done - 1]?.reference ?? at.after, payments }, tally: work.tally };
}

function nextDay(run: Run, { day }: CompareCursor, { tally }: Work): StepResult<CompareCursor> {
  const next = nextBookDay(run, day);
  return { cursor: next === undefined ? null : { day: next, after: '', payments: 0 }, tally };
}

async function readBooks(deps: ReconcileDeps, work: Work, day: string) {
  const statuses = await deps.monoova.statuses(day, day);
  if (statuses.kind !== 'told') {
    work.tally = incomplete(work.tally, `statuses of ${day}: ${reasonOf(statuses)}`);
    return undefined;
  }
  const statement = await deps.monoova.statement(day);
  if (statement.kind !== 'told') work.tally = incomplete(work.tally, `amounts of ${day}: ${reasonOf(statement)}`);
  const lines = statement.kind === 'told' ? statement.lines : [];
  const unreadable = statuses.unreadable + (statement.kind === 'told' ? statement.unreadable : 0);
  if (unreadable > 0) work.tally = incomplete(work.tally, `${unreadable} lines of the books of ${day} are unreadable`);
  return paymentsOf(statuses.lines, lines);
}

type Known = { readonly records: ReadonlyMap<string, ComparedPayout>; readonly day: string };

/** @returns how many were compared before the work of this call was spent: one at least, so that the next call gets further. */
async function compareShare(
  context: Context,
  share: readonly BookedPayment[],
  { records, day }: Known,
): Promise<number> {
  for (const [index, payment] of share.entries()) {
    if (isSpent(context.work)) return index;
    const record = records.get(transactionIdOf(payment.reference));
    if (record) await compare(context, payment, record);
    else await compareWithoutRecord(context, payment, day);
  }
  return share.length;
}

async function compareWithoutRecord(context: Context, payment: BookedPayment, day: string): Promise<void> {
  const { deps, run, work } = context;
  work.tally = checked(work.tally, 'payments', payment.statuses.length);
  if (!hasOurForm(payment.reference)) {
    work.tally = checked(work.tally, 'foreign', payment.statuses.length);
    return;
  }
  if (run.is_rebuild && (await isPaused(deps))) return rebuild(context, payment, day);
  if (run.is_rebuild) work.tally = incomplete(work.tally, 'payouts were resumed before the rebuild had ended');
  find(deps, work, 'orphan', { id: transactionIdOf(payment.reference), detail: wordsOf(payment) });
}

/** A payment in the statement alone is one that Monoova holds; how it ended is for the guard to find out. */
async function rebuild(context: Context, payment: BookedPayment, day: string): Promise<void> {
  const { deps, work, executionArn } = context;
  const [line] = payment.lines;
  const status = finalOf(payment.statuses) ?? payment.statuses[0];
  const booked: Booked = {
    reference: payment.reference,
    said: status?.said ?? 'pending',
    detail: status?.detail ?? 'in the statement',
    day,
    executedAt: line?.executedAt,
    amountCents: line?.amountCents,
    monoovaTransactionId: line?.monoovaTransactionId,
  };
  work.writesLeft -= 1;
  const rebuilt = rebuildPayout(booked, { executionArn, nowMs: deps.nowMs() });
  const isRecorded = await deps.sweeps.record(rebuilt);
  const stored = isRecorded ? rebuilt : await deps.store.read(rebuilt.transaction_id);
  // A repeat of a call that died finds what that one has rebuilt.
  if (stored?.rebuilt_at !== undefined && stored.execution_arn === executionArn) {
    find(deps, work, 'rebuilt', { id: stored.transaction_id, detail: stored.status });
  }
  if (stored) await compare(context, payment, stored);
}

/** Of two payments of one reference, the one that moved the money. */
function finalOf(statuses: readonly BookedStatus[]): BookedStatus | undefined {
  return statuses.find(({ said }) => said === 'completed') ?? statuses.find(({ said }) => said === 'rejected');
}

async function compare(context: Context, payment: BookedPayment, record: ComparedPayout): Promise<void> {
  const { deps, work } = context;
  work.tally = checked(work.tally, 'payments', payment.statuses.length);
  if (record.status === 'Pending' && isYoung(deps, record)) {
    work.tally = checked(work.tally, 'young');
    return;
  }
  await compareAmounts(context, payment, record);
  for (const status of payment.statuses) await compareOne(context, record, status);
}

function isYoung({ nowMs, youngMs }: ReconcileDeps, { created_at }: ComparedPayout): boolean {
  return Date.parse(created_at) > nowMs() - youngMs;
}

async function compareAmounts(context: Context, payment: BookedPayment, record: ComparedPayout): Promise<void> {
  const { deps, work } = context;
  const { news, isOtherAmount, isPaidTwice } = compareStatement(record, payment.lines);
  for (const { amountCents, monoovaTransactionId } of news) {
    await apply(deps, work, record, {
      kind: 'accepted',
      detail: 'statement',
      ...(amountCents !== undefined && { amount_cents: amountCents }),
      ...(monoovaTransactionId !== undefined && { monoova_transaction_id: monoovaTransactionId }),
    });
  }
  const id = record.transaction_id;
  if (isPaidTwice || isListedTwice(payment.statuses.map(({ said }) => said))) {
    find(deps, work, 'paid-twice', { id, detail: wordsOf(payment) });
  } else if (isOtherAmount) {
    find(deps, work, 'conflict', { id, detail: 'the statement tells another amount' });
  }
}

async function compareOne(context: Context, record: ComparedPayout, { said, detail }: BookedStatus): Promise<void> {
  const { deps, work } = context;
  const verdict = compareStatus(record, said);
  if (verdict.kind === 'repair') return repair(context, record, verdict.fact, detail);
  if (verdict.kind === 'differs') return lookAgain(context, record);
  if (verdict.kind === 'unclear') {
    if (verdict.fact) await apply(deps, work, record, { kind: verdict.fact, detail });
    find(deps, work, 'status-unclear', { id: record.transaction_id, detail: `${record.status} here, ${detail} there` });
  }
}

async function repair(
  { deps, work }: Context,
  record: ComparedPayout,
  kind: 'accepted' | 'completed' | 'rejected',
  detail: string,
): Promise<void> {
  const { payout, isNew } = await apply(deps, work, record, { kind, detail });
  if (!payout) return;
  const named = { id: payout.transaction_id, detail: `${record.status} here, ${detail} there` };
  if (payout.conflict) find(deps, work, 'conflict', named);
  else if (isNew) find(deps, work, kind === 'accepted' ? 'noted' : 'repaired', named);
}

const SAID_OF_LOOKUP: Readonly<Partial<Record<LookupResult['kind'], Said>>> = {
  completed: 'completed',
  rejected: 'rejected',
  pending: 'pending',
};

/**
 * The books were read before the record, so that what lies between them is no difference: Monoova is asked for this one payment, and
 * the record is read again after the answer.
 */
async function lookAgain(context: Context, record: ComparedPayout): Promise<void> {
  const { deps, work } = context;
  const id = record.transaction_id;
  work.looksLeft -= 1;
  const answer = await deps.monoova.lookUp(record.uniqueReference);
  if (answer.kind === 'credentials-refused' || answer.kind === 'unknown') {
    const reason = answer.kind === 'unknown' ? answer.detail : answer.code;
    work.tally = incomplete(work.tally, `${id} could not be looked up again: ${reason}`);
    return;
  }
  const payout = await deps.store.read(id);
  if (!payout) return;
  const said = SAID_OF_LOOKUP[answer.kind];
  const detail = answer.kind === 'not-found' ? 'not found' : answer.detail;
  const verdict = said === undefined ? ({ kind: 'differs' } as const) : compareStatus(payout, said);
  if (verdict.kind === 'repair') await repair(context, payout, verdict.fact, detail);
  if (verdict.kind !== 'differs') return;
  const isDisputed = answer.kind === 'pending' && (await isDisputedBy(context, payout, detail));
  const what = isDisputed ? 'conflict' : 'status-differs';
  find(deps, work, what, { id, detail: `${payout.status} here, ${detail} there` });
}

/**
 * What Monoova has is a fact about a Failed payout too, whose client is told that no money moved: where it failed by its attempts alone, and
 * not on a person's word, the two are a conflict.
 */
async function isDisputedBy({ deps, work }: Context, payout: Payout, detail: string): Promise<boolean> {
  if (payout.status !== 'Failed') return false;
  const { payout: told } = await apply(deps, work, payout, { kind: 'accepted', detail });
  return told?.conflict === true;
}

/** Monoova's own words, and how many payments there are. */
function wordsOf({ statuses, lines }: BookedPayment): string {
  const words = statuses.map(({ detail }) => detail);
  return words.length > 0 ? words.join(', ') : `${lines.length} in the statement`;
}
