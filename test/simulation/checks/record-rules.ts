import { isDeepStrictEqual } from 'node:util';
import { openPosts, type Payout, STATUSES } from '../../../domain/payout.ts';
import type { ResubmissionMode } from '../../../domain/submission-rule.ts';
import type { Item } from '../database/stored-value.ts';
import { explainedStatus } from './explains.ts';

/** What a broken rule says, with the rule's name first. */
export type Broken = readonly [invariant: string, words: string];

export type RecordRules = {
  readonly mode: ResubmissionMode;
  readonly nowMs: number;
};

/** Two machines' clocks may disagree by so much, and a fence stands by the clocks of both. */
const CLOCKS_DISAGREE_MS = 10_000;
/** What is never taken back, once it is known. */
const MARKS = ['conflict', 'received', 'ended_unpaid_round', 'escalated_round'] as const;

/** Every rule that one change of one record can break. */
export function brokenRules(before: Item | undefined, after: Item | undefined, rules: RecordRules): Broken[] {
  if (after === undefined) return [['no payout is lost', 'a record was deleted']];
  // Whoever reads it parses it, and a record that cannot be read is found there.
  const next = after as unknown as Payout;
  const found = ofOne(next);
  if (before === undefined) return [...found, ...ofNew(next)];
  return [...found, ...ofChange(before as unknown as Payout, next, rules)];
}

function ofOne(payout: Payout): Broken[] {
  const isFinal = payout.status !== 'Pending';
  const explained = explainedStatus(payout);
  return broken([
    [
      explained === undefined || explained === payout.status,
      'history explains status',
      `${payout.status} is stored, and the history says ${explained}`,
    ],
    [
      !isFinal || (payout.destination_ciphertext ?? payout.open) === undefined,
      'a final record holds no secret',
      `${payout.status} with a ciphertext or the mark of an open one`,
    ],
    [isFinal || payout.open === 'open', 'an open payout can be found', 'Pending without the mark of an open one'],
  ]);
}

/** A record that was lost begins with what Monoova knows. */
function ofNew({ status, posts, history, rebuilt_at }: Payout): Broken[] {
  const isNew = rebuilt_at !== undefined || (status === 'Pending' && posts === 0 && history.length === 0);
  return broken([[isNew, 'a payout begins at the beginning', `${status}, ${posts} posts, ${history.length} facts`]]);
}

function ofChange(before: Payout, after: Payout, rules: RecordRules): Broken[] {
  const rank = ({ status }: Payout) => STATUSES.indexOf(status);
  const kept = before.history.every((fact, index) => isDeepStrictEqual(fact, after.history[index]));
  const isReplaced = before.execution_arn !== after.execution_arn || before.created_at !== after.created_at;
  return [
    ...broken([
      // A doorbell that could not be rung is put back into a record that is final already.
      [
        after.status === before.status || after.status === 'Pending' || after.task_token === undefined,
        'whatever ends a payout takes its doorbell down',
        `${before.status} became ${after.status} with a token`,
      ],
      [!isReplaced, 'a payout is recorded once', `recorded by ${before.execution_arn} and ${after.execution_arn}`],
      [rank(after) >= rank(before), 'rank never falls', `${before.status} became ${after.status}`],
      [kept, 'facts are never taken back', 'the history lost or changed a fact'],
      [after.revision >= before.revision, 'revisions only grow', `${before.revision} became ${after.revision}`],
      ...MARKS.map(
        (mark): Rule => [Number(after[mark] ?? -1) >= Number(before[mark] ?? -1), 'marks are never taken back', mark],
      ),
    ]),
    ...ofFence(before, after, rules),
  ];
}

function ofFence(before: Payout, after: Payout, { mode, nowMs }: RecordRules): Broken[] {
  const isRaised = after.posting_by !== undefined && after.posting_by !== before.posting_by;
  if (!isRaised) return [];
  const standsUntilMs = before.posting_until === undefined ? 0 : Date.parse(before.posting_until);
  const isKnown = before.received === true || before.monoova_transaction_id !== undefined;
  const both = `${after.posting_by} beside ${before.posting_by}`;
  return broken([
    [nowMs >= standsUntilMs - CLOCKS_DISAGREE_MS, 'one posts at a time', both],
    [!isKnown, 'what Monoova holds is never sent again', `${after.posting_by} posts`],
    [before.status === 'Pending', 'only what is open is sent', `${before.status} is posted`],
    [
      mode !== 'never' || openPosts(before) === 0,
      'what may have arrived is not sent again',
      `${after.posting_by} posts after ${openPosts(before)} that may have arrived`,
    ],
  ]);
}

type Rule = readonly [isKept: boolean, invariant: string, words: string];

function broken(rules: readonly Rule[]): Broken[] {
  return rules.filter(([isKept]) => !isKept).map(([, invariant, words]) => [invariant, words]);
}
