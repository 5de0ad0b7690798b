import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';
import { maySubmit, RESUBMISSION_MODES, type ResubmissionMode, raiseFence } from '../../domain/submission-rule.ts';
import { aPayout } from '../builders/payout.ts';

/** Every payout that the rule of submission tells from another, and whether it may be sent: as the design says it, in words of its own. */

const MINUTE_MS = 60_000;
const QUIET_MS = 5 * MINUTE_MS;
const POSTED_MS = Date.parse('2026-11-23T00:00:00.000Z');
const NOW_MS = POSTED_MS + 60 * MINUTE_MS;

type Asked = { readonly minutes: readonly number[]; readonly kind: Fact['kind']; readonly isQuiet: boolean };
/** What look-ups told, in minutes after the last POST, and whether Monoova was silent for long enough. */
const ASKED: readonly Asked[] = [
  { minutes: [], kind: 'not-found', isQuiet: false },
  { minutes: [1, 4, 7], kind: 'not-found', isQuiet: true },
  { minutes: [1, 7], kind: 'not-found', isQuiet: false },
  { minutes: [1, 2, 3], kind: 'not-found', isQuiet: false },
  { minutes: [-1, 2, 4], kind: 'not-found', isQuiet: false },
  { minutes: [6, 7, 8], kind: 'not-found', isQuiet: false },
  { minutes: [-9, -6, 7], kind: 'not-found', isQuiet: false },
  { minutes: [1, 4, 70], kind: 'not-found', isQuiet: false },
  { minutes: [0.5, 4, 5.5], kind: 'not-found', isQuiet: true },
  { minutes: [0.5, 4, 5.2], kind: 'not-found', isQuiet: false },
  { minutes: [1, 4, 7], kind: 'unanswered', isQuiet: false },
];

type Row = {
  readonly status: Payout['status'];
  readonly received: true | undefined;
  readonly monoova_transaction_id: number | undefined;
  readonly escalated_round: number | undefined;
  readonly resends: number[] | undefined;
  readonly posts: number;
  readonly asked: Asked;
  readonly mode: ResubmissionMode;
};

function* rows(): Generator<Row> {
  for (const status of ['Pending', 'Failed', 'Completed'] as const)
    for (const received of [undefined, true] as const)
      for (const monoova_transaction_id of [undefined, 1_001])
        for (const escalated_round of [undefined, 0, 1])
          for (const resends of [undefined, [0], [1]])
            for (const posts of [0, 1, 3, 4, 5])
              for (const asked of ASKED)
                for (const mode of RESUBMISSION_MODES)
                  yield { status, received, monoova_transaction_id, escalated_round, resends, posts, asked, mode };
}

/** What Monoova may hold is never sent again but after a silence, by a stage that may, before anybody was told. */
function mayBeSent({ status, received, monoova_transaction_id, escalated_round = -1, ...row }: Row): boolean {
  const { resends = [], posts, asked, mode } = row;
  const isHeld = status !== 'Pending' || received !== undefined || monoova_transaction_id !== undefined;
  if (isHeld || escalated_round >= resends.length) return false;
  const mayHaveArrived = posts - (resends.at(-1) ?? 0);
  if (mayHaveArrived === 0) return true;
  return mode === 'after-quiet-period' && resends.length === 0 && posts <= 3 && asked.isQuiet;
}

function payoutOf({ asked, mode: _mode, ...row }: Row): Payout {
  const history = asked.minutes.map((minutes): Fact => {
    return { kind: asked.kind, source: 'status', observed_at: new Date(POSTED_MS + minutes * MINUTE_MS).toISOString() };
  });
  const fields = Object.entries({ ...row, history, last_posted_at: new Date(POSTED_MS).toISOString() });
  return aPayout(Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
}

export type Table = { readonly rows: number; readonly broken: string | undefined };

export function checkSubmissionRule(): Table {
  let count = 0;
  for (const row of rows()) {
    count += 1;
    const payout = payoutOf(row);
    const isSent = maySubmit(payout, { mode: row.mode, quietPeriodMs: QUIET_MS }, NOW_MS);
    if (isSent !== mayBeSent(row)) return { rows: count, broken: `${JSON.stringify(row)} is sent: ${isSent}` };
    const fenced = raiseFence(payout, 'attempt-2', NOW_MS, NOW_MS + MINUTE_MS);
    const isCounted = fenced.posts === payout.posts + 1 && fenced.revision === payout.revision + 1;
    if (!isCounted) return { rows: count, broken: 'the fence does not count the POST, or is no new revision' };
  }
  return { rows: count, broken: undefined };
}
