import { compareStatus } from '../../domain/comparison.ts';
import { type ComparedPayout, isFinal } from '../../domain/payout.ts';
import { checked, incomplete, type Run } from '../../domain/reconciliation.ts';
import { parseReference, parseTransactionId, referenceOf } from '../../domain/reference.ts';
import { addDays } from '../../domain/sydney-day.ts';
import { FACT_OF_WORD } from '../shared/look-up.ts';
import type { IndexPosition, SweptPayout } from '../shared/ports.ts';
import {
  apply,
  find,
  isSpent,
  OVERLAP_DAYS,
  type ReconcileDeps,
  reasonOf,
  type Step,
  type StepResult,
  type Work,
} from './step.ts';

export type UnknownCursor = {
  readonly day: string;
  /** The last payout that was looked at. */
  readonly after: IndexPosition | null;
  /** How many of the day were looked at. */
  readonly payouts: number;
};

const PAYOUTS_PER_CALL = 200;
const WRITES_PER_CALL = 50;
const LOOKS_PER_CALL = 3;
const PAYOUTS_PER_DAY = 20_000;

type Context = { readonly deps: ReconcileDeps; readonly work: Work };

/**
 * Our payouts of each day against Monoova's books: what was sent should be in them. The books spare one question for each payout; where
 * they do not list it, that question is asked, since a payout may have been sent days after it was recorded. Safe to repeat.
 *
 *     books ─▶ index of the day ─▶ not in the books ─▶ record, read strongly ─▶ look-up ─▶ record again ─▶ finding
 *
 * Whatever was sent after the books were read is young, and left alone.
 */
export async function findUnknown(
  deps: ReconcileDeps,
  { run, cursor, tally }: Step<UnknownCursor>,
): Promise<StepResult<UnknownCursor>> {
  const at = cursor ?? { day: run.from, after: null, payouts: 0 };
  const work: Work = { tally, looksLeft: LOOKS_PER_CALL, writesLeft: WRITES_PER_CALL };
  const listed = await listedReferences(deps, work, run, at.day);
  if (!listed) return nextDay(run, at, work);
  const range = { limit: PAYOUTS_PER_CALL, after: at.after ?? undefined };
  const { payouts, isEnd } = await deps.sweeps.ofDay(at.day, range);
  const done = await lookFor({ deps, work }, payouts, listed);
  if (isEnd && done === payouts.length) return nextDay(run, at, work);
  const total = at.payouts + done;
  if (total >= PAYOUTS_PER_DAY) {
    work.tally = incomplete(work.tally, `of ${at.day} only ${total} payouts were looked for`);
    return nextDay(run, at, work);
  }
  return {
    cursor: { day: at.day, after: positionOf(payouts[done - 1]) ?? at.after, payouts: total },
    tally: work.tally,
  };
}

function nextDay(run: Run, { day }: UnknownCursor, { tally }: Work): StepResult<UnknownCursor> {
  const next = addDays(day, 1);
  return { cursor: next <= run.to ? { day: next, after: null, payouts: 0 } : null, tally };
}

async function listedReferences(
  { monoova }: ReconcileDeps,
  work: Work,
  { today }: Run,
  day: string,
): Promise<ReadonlySet<string> | undefined> {
  const after = addDays(day, OVERLAP_DAYS);
  const answer = await monoova.statuses(addDays(day, -OVERLAP_DAYS), after < today ? after : today);
  if (answer.kind === 'told') {
    const references = answer.lines.map(({ uniqueReference }) => parseReference(uniqueReference.toLowerCase()));
    return new Set(references.filter((reference) => reference !== undefined));
  }
  work.tally = incomplete(work.tally, `payouts of ${day} were not looked for: ${reasonOf(answer)}`);
  return undefined;
}

/** @returns how many were looked for before the work of this call was spent */
async function lookFor(
  context: Context,
  payouts: readonly SweptPayout[],
  listed: ReadonlySet<string>,
): Promise<number> {
  const { deps, work } = context;
  const missing = payouts.filter((payout) => wasSent(payout) && !listed.has(referenceIn(payout)));
  const records = await deps.sweeps.readMany(missing.map(({ transaction_id }) => transaction_id));
  for (const [index, { transaction_id }] of payouts.entries()) {
    if (isSpent(work)) return index;
    const record = records.get(transaction_id);
    if (record) await lookForOne(context, record);
    work.tally = checked(work.tally, 'payouts');
  }
  return payouts.length;
}

/** A final status but Failed is Monoova's word, however the POSTs were counted. */
function wasSent({ status, posts }: Pick<ComparedPayout, 'status' | 'posts'>): boolean {
  return posts > 0 || (isFinal(status) && status !== 'Failed');
}

function referenceIn({ transaction_id }: SweptPayout): string {
  const id = parseTransactionId(transaction_id);
  return id === undefined ? '' : referenceOf(id);
}

async function lookForOne({ deps, work }: Context, record: ComparedPayout): Promise<void> {
  const { transaction_id: id, uniqueReference } = record;
  if (!wasSent(record)) return;
  if (isUnderWay(deps, record)) {
    work.tally = checked(work.tally, 'young');
    return;
  }
  work.looksLeft -= 1;
  const answer = await deps.monoova.lookUp(uniqueReference);
  if (answer.kind === 'credentials-refused' || answer.kind === 'unknown') {
    const reason = answer.kind === 'unknown' ? answer.detail : answer.code;
    work.tally = incomplete(work.tally, `${id} could not be looked up: ${reason}`);
    return;
  }
  if (answer.kind !== 'not-found') return learn({ deps, work }, record, answer);
  const payout = await deps.store.read(id);
  // One "not found" is no proof of anything: it is told, and nothing is changed by it.
  if (!payout || !wasSent(payout)) return;
  // A person had evidence that Monoova received nothing, and Monoova says the same.
  if (payout.status === 'Failed') return;
  if (isFinal(payout.status)) find(deps, work, 'unknown-at-monoova', { id, detail: `${payout.status} here` });
  else find(deps, work, 'not-found-yet', { id, detail: `${payout.posts} sent` });
}

/** Until the last POST's fence has come down, and its guard has had time for a look. */
function isUnderWay({ nowMs, youngMs }: ReconcileDeps, record: ComparedPayout): boolean {
  const { created_at, last_posted_at = created_at, posting_until } = record;
  const isFenced = posting_until !== undefined && Date.parse(posting_until) > nowMs();
  return isFenced || Date.parse(last_posted_at) > nowMs() - youngMs;
}

/** Monoova has it after all, on another day than the books were read of. */
async function learn(
  { deps, work }: Context,
  record: ComparedPayout,
  answer: { readonly kind: 'completed' | 'rejected' | 'pending'; readonly detail: string },
): Promise<void> {
  const verdict = compareStatus(record, answer.kind);
  const named = { id: record.transaction_id, detail: `${record.status} here, ${answer.detail} there` };
  if (verdict.kind === 'differs') find(deps, work, 'status-differs', named);
  if (verdict.kind !== 'repair') return;
  const { payout, isNew } = await apply(deps, work, record, { kind: FACT_OF_WORD[answer.kind], detail: answer.detail });
  if (payout?.conflict) find(deps, work, 'conflict', named);
  else if (isNew) find(deps, work, answer.kind === 'pending' ? 'noted' : 'repaired', named);
}

function positionOf(payout: SweptPayout | undefined): IndexPosition | undefined {
  return payout && { transaction_id: payout.transaction_id, created_at: payout.created_at };
}
