import type { Incident } from '../run-incident.ts';
import { REBUILT } from './rebuilt.ts';
import { times } from './times.ts';

/** The guard sends it, after so many looks that were killed, and no webhook tells of it. */
function sentAfter(looks: number): Incident['does'] {
  return {
    'submission: SubmitPayment': ['killed-at-start'],
    'settlement: CheckSettlement': times(looks, 'killed-at-start'),
    'monoova: webhook comes': 'never',
  };
}

/** Nobody ever comes to send it. */
const NEVER_SENT: Incident['does'] = {
  'submission: SubmitPayment': 'killed-at-start',
  'settlement: SubmitPayment': 'killed-at-start',
};

const RESTORED: Incident['does'] = { 'the table is restored': 'restored' };

/** The record says less than Monoova knows. Its books list no payment that has not ended (seeds 154 and 2292). */
export const withRestores: readonly Incident[] = [
  {
    name: 'restored to before it was sent, and Monoova lists only what has ended',
    seed: 154,
    payouts: [1],
    resubmission: 'never',
    does: { ...sentAfter(5), ...RESTORED, 'monoova: course': 'slow' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 28800, asks 72000, asks 158400, asks 386192',
      counted:
        'PayoutCompleted 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, ReconciliationEnded 3, rings 1',
      records:
        'Completed, revision 1004, posts 0: accepted status Pending, escalated settlement, completed status Complete',
      controls: 'revision 2',
      reasons: '',
      guards: 'PayoutEscalated after 177782',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: 'Records were restored, and Monoova may know more than what this one says. It was never sent to Monoova. Monoova has said that it holds it. The last that was learnt: accepted (Pending), by status, at 2026-11-23T13:53:03Z.',
    },
  },
  {
    name: 'restored to before it was sent, and Monoova says nothing for a day',
    seed: 154,
    payouts: [1],
    resubmission: 'never',
    does: {
      ...sentAfter(5),
      ...RESTORED,
      'monoova: course': 'never final',
      'check-settlement: GET status': times(3, 'unanswered before'),
      'submit-payment: GET status': times(3, 'unanswered before'),
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 28800, asks 28803, asks 72006, asks 72008, asks 158411',
      counted: 'PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, ReconciliationEnded 3, rings 0',
      records: 'Pending, revision 1002, posts 0, a doorbell: escalated settlement',
      controls: 'revision 2',
      reasons: 'TIMEOUT',
      guards: 'PayoutEscalated after 177795',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: 'Records were restored, and Monoova may know more than what this one says. It was never sent to Monoova. Nothing was ever learnt about it.',
    },
  },
  {
    name: 'a restore that lasts longer than patience',
    seed: 2292,
    payouts: [1],
    resubmission: 'never',
    does: {
      ...sentAfter(7),
      ...RESTORED,
      'monoova: course': 'never final',
      'reconciliation: PlanReconciliation': 'failed-before',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 86400',
      counted:
        'PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, ReconciliationEnded 3, ReconciliationEscalated 3, rings 0',
      records: 'Pending, revision 1003, posts 0, a doorbell: accepted status Pending, escalated settlement',
      controls: 'revision 4',
      reasons: '',
      guards: 'PayoutEscalated after 177783',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: 'something; something; something; something; something; something; Records were restored, and Monoova may know more than what this one says. It was never sent to Monoova. Monoova has said that it holds it. The last that was learnt: accepted (Pending), by status, at 2026-11-25T01:53:07Z.; something; something; something',
    },
  },
  {
    name: 'restored, never sent, and Monoova does not know it',
    seed: 3,
    payouts: [1],
    resubmission: 'never',
    does: { ...NEVER_SENT, ...RESTORED },
    comesTo: {
      answers: '202',
      calls: 'asks 0, asks 28800, asks 72000, asks 158400',
      counted: 'PayoutFailed 1, PayoutRequested 1, ReconciliationEnded 3, rings 1',
      records: 'Failed, revision 1006, posts 0: 4 times not-found status, patience-ended settlement',
      controls: 'revision 2',
      reasons: '',
      guards: 'ends after 177782',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: '',
    },
  },
  {
    name: 'restored, never sent, and Monoova does not answer',
    seed: 3,
    payouts: [1],
    resubmission: 'never',
    does: {
      ...NEVER_SENT,
      ...RESTORED,
      'check-settlement: GET status': 'unanswered before',
      'person is called about a payout': 'nobody comes',
    },
    comesTo: {
      answers: '202',
      calls: 'asks 0, asks 28803, asks 72005, asks 158408',
      counted: 'PayoutEscalated 1, PayoutRequested 1, ReconciliationEnded 3, rings 0',
      records: 'Pending, revision 1002, posts 0, a doorbell: escalated settlement',
      controls: 'revision 2',
      reasons: 'TIMEOUT',
      guards: 'PayoutEscalated after 177792',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: 'Records were restored, and Monoova may know more than what this one says. It was never sent to Monoova. Nothing was ever learnt about it.',
    },
  },
  {
    name: 'asked again for what counts no POST, though Monoova has said that it has it',
    seed: 3,
    payouts: [1],
    resubmission: 'never',
    records: [REBUILT],
    does: { 'person is called about a payout': 'nobody comes' },
    comesTo: {
      answers: '202 replayed',
      calls: 'asks 0, asks 120, asks 420, asks 1320, asks 4921, asks 19321, asks 48121, asks 91321, asks 177721',
      counted: 'PayoutEscalated 1, PayoutRequested 1, rings 0',
      records:
        'Pending, revision 1013, posts 0, a doorbell: accepted reconciliation Pending, 9 times not-found status, escalated settlement',
      controls: '',
      reasons: '',
      guards: 'PayoutEscalated after 177782',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Its record was lost, and was rebuilt from what Monoova knows: for whom it was, and by which method, is not known any more.',
      told: 'It was never sent to Monoova. Monoova has said that it holds it. The last that was learnt: not-found, by status, at 2026-11-25T01:53:02Z.',
    },
  },
];
