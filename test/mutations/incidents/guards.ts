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
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: '',
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
      says: 'The payee has the money. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: '',
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
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: '',
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
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: "2 POSTs of it may have arrived, 1 of which a person held for unreceived; the last was sent at 2026-11-23T00:44:53Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by status, at 2026-11-23T00:46:55Z.",
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
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: '',
    },
  },
  {
    name: 'the last look fails, and nobody can be asked any more',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: {
      'monoova: course': 'never final',
      'settlement: CheckSettlement': [...times(8, ''), 'killed-at-start'],
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 181, asks 481, asks 1383, asks 4983, asks 19383, asks 48183, asks 91383',
      counted: 'PayoutRequested 1, PayoutSubmitted 1, rings 0',
      records:
        'Pending, revision 4, posts 1, a doorbell, number 1001: accepted submission Pending, accepted status Pending',
      controls: '',
      reasons: '',
      guards: 'PayoutEscalated after 177784',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: 'The last look-up itself failed (Runtime.ExitError).',
    },
  },
  {
    name: 'the key is refused, and nobody ever comes',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submission: SubmitPayment': ['killed-at-start'],
      'submit-payment: POST execute': ['unreachable', 'unreachable', 'unreachable', 'key refused'],
      'operator is called about the key': 'nobody comes',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 1, pays, described 1, asks 1, pays, described 2, asks 122, asks 122, pays, described 122',
      counted:
        'MonoovaCredentialsRefused 1, MonoovaUnreachable 3, MonoovaUnreachableError 3, PayoutFailed 1, PayoutRequested 1, SubmissionHeld 1, rings 1',
      records:
        'Failed, revision 14, posts 0: unreceived submission ECONNREFUSED, not-found status, unreceived submission ECONNREFUSED, not-found status, unreceived submission ECONNREFUSED, 2 times not-found status, unreceived submission MerchantFailedToLogin, patience-ended settlement',
      controls: 'failures 3, refused_reason MerchantFailedToLogin, doubts 1, revision 4',
      reasons: 'MerchantFailedToLogin',
      guards: 'ends after 350712',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: '',
    },
  },
  {
    name: 'the key is refused to who looks up, and nobody ever comes',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: {
      'monoova: course': 'slow',
      'monoova: webhook comes': 'never',
      'check-settlement: GET status': ['key refused'],
      'operator is called about the key': 'nobody comes',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61',
      counted:
        'MonoovaCredentialsRefused 1, PayoutCompleted 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, rings 1',
      records:
        'Completed, revision 5, posts 1, number 1001: accepted submission Pending, escalated settlement, completed operator',
      controls: 'refused_reason MerchantFailedToLogin, doubts 1, revision 1',
      reasons: 'MerchantFailedToLogin',
      guards: 'PayoutEscalated after 350710',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: "1 POST of it may have arrived; the last was sent at 2026-11-23T00:30:06Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by submission, at 2026-11-23T00:30:06Z.",
    },
  },
  {
    name: 'somebody rings while it is held',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': ['throttled for long'],
      'doorbell is hung': 'rung by a stranger',
      'settlement: ReadOutcome (GetItem)': ['', 'denied'],
      'monoova: course': 'slow',
      'monoova: webhook comes': 'never',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 61, asks 61, asks 65, asks 65, asks 307, asks 607, asks 607, pays, described 607, asks 609, asks 609, asks 610, asks 610, asks 610, asks 4884, asks 4885, 18 in all',
      counted:
        'BreakerOpened 1, MonoovaThrottled 1, PayoutCompleted 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionHeld 6, rings 1',
      records:
        'Completed, revision 15, posts 1, number 1001: unreceived submission HTTP 429, 7 times not-found status, accepted submission Pending, accepted status Pending, escalated settlement, completed status Complete',
      controls: 'revision 3',
      reasons: 'HTTP 429, Retry-After 600 s',
      guards: 'PayoutEscalated after 4888',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: "1 POST of it may have arrived; the last was sent at 2026-11-23T00:40:13Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by status, at 2026-11-23T00:40:15Z.",
    },
  },
  {
    name: 'the key is refused before anything of it was sent, and nobody ever comes',
    seed: 1,
    payouts: [1, 2],
    resubmission: 'never',
    does: {
      'submit-payment: POST execute': ['key refused'],
      'operator is called about the key': 'nobody comes',
    },
    comesTo: {
      answers: '202, 202',
      calls: 'pays, described 0',
      counted: 'MonoovaCredentialsRefused 1, PayoutFailed 2, PayoutRequested 2, SubmissionHeld 588, rings 2',
      records: [
        'Failed, revision 2, posts 0: patience-ended settlement',
        'Failed, revision 4, posts 0: unreceived submission MerchantFailedToLogin, patience-ended settlement',
      ].join('; '),
      controls: 'refused_reason MerchantFailedToLogin, doubts 1, revision 1',
      reasons: 'MerchantFailedToLogin',
      guards: 'ends after 350709, ends after 350776',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose. | The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: '',
    },
  },
  {
    name: 'sent by its guard, and then the key is refused, and nobody ever comes',
    seed: 1,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submission: SubmitPayment': ['killed-at-start'],
      'submit-payment: POST execute': ['unanswered before'],
      'check-settlement: GET status': ['key refused'],
      'operator is called about the key': 'nobody comes',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 125',
      counted: 'MonoovaCredentialsRefused 1, PayoutEscalated 1, PayoutRequested 1, SubmissionUnanswered 1, rings 0',
      records:
        'Pending, revision 5, posts 1, a doorbell: unanswered submission TIMEOUT, patience-ended settlement, escalated settlement',
      controls: 'failures 1, refused_reason MerchantFailedToLogin, doubts 1, revision 2',
      reasons: 'MerchantFailedToLogin',
      guards: 'PayoutEscalated after 350715',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: '1 POST of it may have arrived; the last was sent at 2026-11-23T00:31:08Z. The last that was learnt: unanswered (TIMEOUT), by submission, at 2026-11-23T00:31:13Z.',
    },
  },
  {
    name: 'somebody rings, and nobody can read what has become of it',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': ['throttled for long'],
      'doorbell is hung': 'rung by a stranger',
      'settlement: ReadOutcome (GetItem)': [...times(60, 'denied')],
      'monoova: course': 'slow',
      'monoova: webhook comes': 'never',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 61, asks 539, asks 1136, asks 1136, pays, described 1137, asks 1424, asks 1726, asks 2777, asks 3259, asks 3762, asks 3975, asks 3975, asks 3975, asks 30087',
      counted:
        'BreakerOpened 1, MonoovaThrottled 1, PayoutCompleted 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionHeld 3, rings 1',
      records:
        'Completed, revision 12, posts 1, number 1001: unreceived submission HTTP 429, 4 times not-found status, accepted submission Pending, accepted status Pending, escalated settlement, completed status Complete',
      controls: 'revision 3',
      reasons: 'HTTP 429, Retry-After 600 s',
      guards: 'PayoutEscalated after 3976',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome. Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.',
      told: "1 POST of it may have arrived; the last was sent at 2026-11-23T00:49:03Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by status, at 2026-11-23T00:53:51Z.",
    },
  },
  {
    name: 'sent again on a word, and the first guard is held for longer than the second waits',
    seed: 6,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submit-payment: POST execute': ['unanswered before'],
      'check-settlement: GET status': [...times(11, ''), 'key refused'],
      'a person looks after a payout unasked': 'looks',
      'monoova: course': 'never final',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 60, asks 180, asks 480, asks 1380, asks 4981, asks 19383, asks 25109, asks 25169, asks 25170, pays, described 25170, asks 25291, asks 25591, asks 26492, asks 30092, asks 44492, 22 in all',
      counted:
        'MonoovaCredentialsRefused 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionUnanswered 1, rings 0',
      records:
        'Pending, revision 17, posts 2, a doorbell, number 1001: unanswered submission TIMEOUT, 7 times not-found status, resend operator, 2 times not-found status, accepted submission Pending, accepted status Pending, escalated settlement',
      controls: 'revision 6',
      reasons: 'MerchantFailedToLogin',
      guards: 'PayoutEscalated after 179584, ends after 204805',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: "2 POSTs of it may have arrived, 1 of which a person held for unreceived; the last was sent at 2026-11-23T07:29:34Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by status, at 2026-11-23T07:31:35Z.",
    },
  },
  {
    name: 'sent again on a word, and the second guard fails at its last look, before the first one ends',
    seed: 6,
    payouts: [1],
    resubmission: 'never',
    does: {
      'submit-payment: POST execute': ['unanswered before'],
      'check-settlement: GET status': [...times(11, ''), 'key refused'],
      'settlement: CheckSettlement': [...times(116, ''), 'killed-at-start'],
      'a person looks after a payout unasked': 'looks',
      'monoova: course': 'never final',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 60, asks 180, asks 480, asks 1380, asks 4981, asks 19383, asks 25109, asks 25169, asks 25170, pays, described 25170, asks 25291, asks 25591, asks 26492, asks 30092, asks 44492, 21 in all',
      counted:
        'MonoovaCredentialsRefused 1, PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionUnanswered 1, rings 0',
      records:
        'Pending, revision 17, posts 2, a doorbell, number 1001: unanswered submission TIMEOUT, 7 times not-found status, resend operator, 2 times not-found status, accepted submission Pending, accepted status Pending, escalated settlement',
      controls: 'revision 6',
      reasons: 'MerchantFailedToLogin',
      guards: 'PayoutEscalated after 179584, PayoutEscalated after 204806',
      says: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
      told: "The last look-up itself failed (Lambda.Unknown).; 2 POSTs of it may have arrived, 1 of which a person held for unreceived; the last was sent at 2026-11-23T07:29:34Z. Monoova's number of it is 1001. The last that was learnt: accepted (Pending), by status, at 2026-11-23T07:31:35Z.",
    },
  },
];
