import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../domain/fact.ts';
import { type Applied, applyFact, type Payout, STATUSES } from '../../domain/payout.ts';
import { aPayout } from '../builders/payout.ts';
import { explainedStatus } from '../simulation/checks/explains.ts';
import { expectedOf, isAbout } from './folds-expected.ts';

/**
 * Every order of every three facts out of a list that has each kind, each in the shapes that are told apart, folded into payouts that stand
 * differently. What they come to is compared with what the design says of them, in words of its own (folds-expected.ts).
 */

const AMOUNT = 1_234;
const ATTEMPT = 'attempt-1';
const POSTED_AT = '2026-11-23T00:00:00.000Z';
const observed_at = '2026-11-23T00:01:00.000Z';

const webhook = { source: 'webhook', observed_at } as const;
const status = { source: 'status', observed_at } as const;
const submission = { source: 'submission', observed_at, attempt: ATTEMPT } as const;
const settlement = { source: 'settlement', observed_at } as const;
const operator = { source: 'operator', observed_at, by: 'arn:aws:iam::000000000000:user/second' } as const;
const returned = { ...webhook, kind: 'returned' } as const;

const FACTS: readonly Fact[] = [
  { ...submission, kind: 'accepted', detail: 'Ok', monoova_transaction_id: 1_001 },
  { ...submission, kind: 'accepted', detail: 'Ok', monoova_transaction_id: 1_002 },
  { ...status, kind: 'accepted', detail: 'Pending' },
  { ...submission, kind: 'unanswered', detail: 'TIMEOUT' },
  { ...submission, kind: 'unreceived', detail: 'ECONNREFUSED' },
  { ...submission, kind: 'unreceived', detail: 'ECONNREFUSED', attempt: 'attempt-0' },
  { ...settlement, kind: 'unreceived', detail: 'nobody knows of which attempt' },
  { ...submission, kind: 'declined', detail: 'code' },
  { ...submission, kind: 'declined', detail: 'code', attempt: 'attempt-0' },
  { ...status, kind: 'not-found' },
  { ...status, kind: 'not-found', observed_at: '2026-11-23T00:09:00.000Z' },
  { ...settlement, kind: 'patience-ended' },
  { ...settlement, kind: 'escalated' },
  { ...settlement, kind: 'escalated', round: 1 },
  { ...settlement, kind: 'patience-ended', round: 1 },
  { ...status, kind: 'completed', detail: 'Complete' },
  { ...webhook, kind: 'completed', amount_cents: AMOUNT, monoova_transaction_id: 1_001 },
  { ...webhook, kind: 'completed', amount_cents: AMOUNT + 1 },
  { ...webhook, kind: 'completed', unique_reference: 'somebody-else' },
  { ...status, kind: 'rejected', detail: 'Rejected' },
  { ...returned, amount_cents: AMOUNT, return_transaction_id: 2_001 },
  { ...returned, amount_cents: 400, return_transaction_id: 2_002 },
  { ...returned, amount_cents: AMOUNT - 400, return_transaction_id: 2_003 },
  { ...returned, amount_cents: 400 },
  { ...returned, amount_cents: 0, return_transaction_id: 2_004 },
  { ...returned, amount_cents: AMOUNT + 1, return_transaction_id: 2_005 },
  { ...operator, kind: 'failed', evidence: 'nothing moved', last_posted_at: POSTED_AT },
  { ...operator, kind: 'failed', evidence: 'nothing moved', last_posted_at: '2026-11-22T00:00:00.000Z' },
  { ...operator, kind: 'resend', evidence: 'nothing moved', last_posted_at: POSTED_AT, round: 1 },
  { ...operator, kind: 'resend', evidence: 'nothing moved', last_posted_at: POSTED_AT, round: 2 },
];

const POSTED = aPayout({
  amount_cents: AMOUNT,
  posts: 1,
  posting_by: ATTEMPT,
  posting_until: '2026-11-23T00:00:20.000Z',
  last_posted_at: POSTED_AT,
});
const FULL_OF = (length: number): Fact[] =>
  Array.from({ length }, (_, index) => ({ ...status, kind: 'not-found', observed_at: new Date(index).toISOString() }));

/** How payouts stand before. */
const STARTS: readonly Payout[] = [
  POSTED,
  { ...POSTED, posts: 2 },
  aPayout({ amount_cents: AMOUNT, posts: 0 }),
  withoutAmount(POSTED),
  { ...POSTED, history: FULL_OF(28) },
  { ...POSTED, history: FULL_OF(40) },
  { ...POSTED, history: FULL_OF(45) },
  { ...POSTED, history: FULL_OF(46) },
  { ...POSTED, history: FULL_OF(50) },
];

/** A record that was rebuilt, and whose amount nobody knows. */
function withoutAmount({ amount_cents: _amount, ...payout }: Payout): Payout {
  return { ...payout, rebuilt_at: POSTED_AT };
}

export type Folds = { readonly folds: number; readonly broken: string | undefined };

/** Folds until something is broken, or to the end: `longest` facts in a row into the first of the payouts, and two into the others. */
export function foldAll(longest: 2 | 3): Folds {
  let folds = 0;
  for (const start of STARTS) {
    const length = start === POSTED ? longest : 2;
    const byFacts = new Map<string, Payout>();
    for (const order of ordersOf(length)) {
      folds += 1;
      const facts = order.map((index) => FACTS[index]).filter((fact) => fact !== undefined);
      const broken =
        brokenBy(start, facts) ?? (hasRoom(start) ? brokenOrder(byFacts, order, folded(start, facts)) : undefined);
      if (broken !== undefined) return { folds, broken: `${facts.map(shown).join(', then ')}: ${broken}` };
    }
  }
  return { folds, broken: undefined };
}

/** Where there is none, what is noted depends on what came first, and a return that is not noted is for a person. */
function hasRoom({ history }: Payout): boolean {
  return history.length === 0;
}

function* ordersOf(length: 2 | 3): Generator<number[]> {
  for (const first of FACTS.keys()) {
    for (const second of FACTS.keys()) {
      if (length === 2) yield [first, second];
      else for (const third of FACTS.keys()) yield [first, second, third];
    }
  }
}

function folded(start: Payout, facts: readonly Fact[]): Payout {
  return facts.reduce((payout, fact) => applyFact(payout, fact).payout, start);
}

function brokenBy(start: Payout, facts: readonly Fact[]): string | undefined {
  let payout = start;
  for (const fact of facts) {
    const applied = applyFact(payout, fact);
    const broken =
      brokenStep(payout, applied) ??
      brokenNote(payout, fact, applied) ??
      brokenReturn(payout, fact, applied) ??
      brokenResend(fact, applied);
    if (broken !== undefined) return broken;
    if (applyFact(applied.payout, fact).isChanged) return 'the same fact changes something a second time';
    payout = applied.payout;
  }
  const expected = expectedOf(start, facts);
  const actual = Object.fromEntries(Object.keys(expected).map((name) => [name, payout[name as keyof Payout]]));
  return isDeepStrictEqual(actual, expected) ? undefined : `${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}

function brokenStep(before: Payout, { payout: after, isChanged, isNewConflict }: Applied): string | undefined {
  if (isChanged !== (JSON.stringify(before) !== JSON.stringify(after))) return `isChanged is ${isChanged}`;
  if (after.revision !== before.revision + (isChanged ? 1 : 0)) return `the revision is ${after.revision}`;
  if (STATUSES.indexOf(after.status) < STATUSES.indexOf(before.status)) return `the status falls to ${after.status}`;
  if (isNewConflict !== (after.conflict === true && before.conflict !== true))
    return `isNewConflict is ${isNewConflict}`;
  const explained = explainedStatus(after);
  if (explained !== undefined && explained !== after.status)
    return `${after.status}, and the history says ${explained}`;
  const hasSecrets = (after.destination_ciphertext ?? after.task_token ?? after.open) !== undefined;
  return hasSecrets === (after.status === 'Pending') ? undefined : `${after.status}, with secrets: ${hasSecrets}`;
}

/** 28 places are for all facts, twelve more for those that do not come again and again, six more for those that name an end, and four more for people. */
function brokenNote(
  before: Payout,
  { kind, source, observed_at: observedAt }: Fact,
  { payout: after, isChanged }: Applied,
): string | undefined {
  const isEnd = ['failed', 'rejected', 'completed', 'returned'].includes(kind);
  const isRepeated = ['not-found', 'unanswered', 'unreceived'].includes(kind);
  const places = source === 'operator' ? 50 : isEnd ? 46 : isRepeated ? 28 : 40;
  const noted = isChanged && before.history.length < places ? 1 : 0;
  const kept = after.history.length - before.history.length;
  const updatedAt = isChanged && observedAt > before.updated_at ? observedAt : before.updated_at;
  if (after.updated_at !== updatedAt) return `updated_at is ${after.updated_at}`;
  return kept === noted ? undefined : `${kept} facts were noted, not ${noted}`;
}

/** What a full history has no room for counts all the same, and a person has to look: it cannot be added to what comes later. */
function brokenReturn(before: Payout, fact: Fact, { payout: after }: Applied): string | undefined {
  if (fact.kind !== 'returned' || !isAbout(before, fact)) return undefined;
  const cents = fact.amount_cents ?? before.amount_cents ?? 0;
  const isTold = fact.return_transaction_id !== undefined || cents === before.amount_cents;
  if (isTold && (after.returned_cents ?? 0) < cents)
    return `${after.returned_cents} cents came back, and ${cents} were told`;
  const isNoted = after.history.some((known) => isDeepStrictEqual(known, fact));
  return isNoted || after.conflict ? undefined : 'a return is not noted, and nobody is to look';
}

/** What a person allows counts, also where a full history has no room for the evidence. */
function brokenResend({ kind, round = 1 }: Fact, { payout: after, isOutrun }: Applied): string | undefined {
  if (kind !== 'resend' || isOutrun || (after.resends ?? []).length >= round) return undefined;
  return 'a resend was allowed, and does not count';
}

/** Whatever came first: two orders of the same facts end alike. */
function brokenOrder(byFacts: Map<string, Payout>, order: readonly number[], payout: Payout): string | undefined {
  const key = [...order].sort((one, other) => one - other).join();
  const known = byFacts.get(key) ?? payout;
  byFacts.set(key, known);
  return isDeepStrictEqual(inAnyOrder(known), inAnyOrder(payout)) ? undefined : 'another order ends otherwise';
}

function inAnyOrder({ history, revision: _revision, ...payout }: Payout): object {
  return { ...payout, history: history.map((fact) => JSON.stringify(fact)).toSorted() };
}

function shown({ kind, source, round }: Fact): string {
  return `${kind} (${source}${round === undefined ? '' : `, round ${round}`})`;
}
