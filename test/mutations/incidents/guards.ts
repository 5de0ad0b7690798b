import type { Incident } from '../run-incident.ts';
import { times } from './times.ts';

/** A guard cannot do what it wants to, or is not the only one. */
export const withGuards: readonly Incident[] = [
  {
    name: 'the doorbell cannot be hung for a while',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: { 'settlement: AwaitOutcome (UpdateItem)': [...times(3, 'throttled')], 'monoova: webhook comes': 'never' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 69',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed status Complete',
      controls: '',
      reasons: '',
      guards: 'ends after 69',
      told: 0,
    },
  },
  {
    name: 'the outcome is there before the doorbell',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: { 'settlement: AwaitOutcome (UpdateItem)': ['throttled'], 'monoova: course': 'at once' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 0',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 0',
      records:
        'Completed, revision 5, posts 1, number 1001: accepted submission Ok, completed status Complete, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 3',
      told: 0,
    },
  },
  {
    name: 'nobody can read for a minute how it has ended',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: {
      'settlement: ReadOutcome (GetItem)': [...times(10, 'throttled')],
      'check-settlement: GetItem transactions': [...times(20, 'denied')],
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted:
        'AccessDeniedException 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 503',
      told: 0,
    },
  },
  {
    name: 'sent again on a word, while the first guard still waits',
    seed: 9,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submit-payment: POST execute': ['unanswered before'],
      'a person looks after a payout unasked': 'looks',
      'monoova: course': 'never final',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays 0, asks 59, asks 180, asks 480, asks 826, asks 886, asks 886, pays 887, asks 1008, asks 1308, asks 1380, asks 2208, asks 4980, asks 5808, asks 19380, asks 20208, 22 in all',
      counted: 'PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionUnanswered 1, rings 0',
      records:
        'Pending, revision 14, posts 2, a doorbell, number 1001: unanswered submission TIMEOUT, 4 times not-found status, resend operator, 2 times not-found status, accepted submission Pending, accepted status Pending, escalated settlement',
      controls: 'revision 2',
      reasons: '',
      guards: 'PayoutEscalated after 177783, ends after 177782',
      told: 1,
    },
  },
  {
    name: 'restored to before it was sent, and Monoova has it',
    seed: 15,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submission: SubmitPayment': ['killed-at-start'],
      'settlement: CheckSettlement': [...times(5, 'killed-at-start')],
      'the table is restored': 'restored',
      'monoova: course': 'slow',
      'monoova: webhook comes': 'never',
    },
    comesTo: {
      answers: '202',
      calls: 'pays 0, asks 28800, asks 72000',
      counted:
        'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, ReconciliationEnded 3, ReconciliationNoted 1, rings 1',
      records:
        'Completed, revision 1004, posts 0: accepted reconciliation Pending, accepted status Pending, completed status Complete',
      controls: 'revision 2',
      reasons: '',
      guards: 'ends after 91382',
      told: 0,
    },
  },
];
