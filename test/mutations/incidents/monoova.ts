import type { Incident } from '../run-incident.ts';
import { times } from './times.ts';

/** Monoova does not answer, answers oddly, or wants to be left alone. */
export const withMonoova: readonly Incident[] = [
  {
    name: 'the line is lost for questions too',
    seed: 1,
    payouts: [1, 2, 3],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': [...times(12, 'unreachable')],
      'submit-payment: GET status': [...times(30, 'unreachable')],
    },
    comesTo: {
      answers: '202, 202, 202',
      calls:
        'pays, described 0, asks 1, pays, described 1, pays 1, pays 2, asks 2, pays, described 2, asks 59, asks 59, asks 60, asks 62, asks 119, asks 119, asks 120, asks 122, asks 239, 169 in all',
      counted:
        'BreakerOpened 36, MonoovaUnreachable 12, MonoovaUnreachableError 12, PayoutCompleted 3, PayoutRequested 3, PayoutSubmitted 3, SubmissionHeld 111, WebhookAccepted 3, rings 3',
      records: [
        'Completed, revision 35, posts 1, number 1003: 3 times unreceived submission ECONNREFUSED, 25 times not-found status, accepted submission Pending, completed webhook',
        'Completed, revision 37, posts 1, number 1002: unreceived submission ECONNREFUSED, 27 times not-found status, accepted submission Pending, completed webhook',
        'Completed, revision 44, posts 1, number 1001: unreceived submission ECONNREFUSED, 27 times not-found status, accepted submission Pending, accepted status Pending, completed webhook',
      ].join('; '),
      controls: 'revision 77',
      reasons: 'ECONNREFUSED',
      guards: 'ends after 10281, ends after 10598, ends after 10962',
      told: 0,
    },
  },
  {
    name: "the guard's fact: lost",
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'check-settlement: UpdateItem transactions transaction_id revision': ['lost'],
      'monoova: webhook comes': 'never',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed status Complete',
      controls: '',
      reasons: '',
      guards: 'ends after 64',
      told: 0,
    },
  },
  {
    name: 'the doorbell of the sender: denied',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: SendTaskSuccess': ['denied'], 'monoova: course': 'at once' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 0',
      counted: 'DoorbellFailed 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 0',
      records:
        'Completed, revision 5, posts 1, a doorbell, number 1001: accepted submission Ok, completed status Complete, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 61',
      told: 0,
    },
  },
  {
    name: 'the doorbell: denied, and the webhook twice',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'receive-webhook: SendTaskSuccess': ['denied'], 'monoova: webhook is odd': 'twice' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted:
        'DoorbellFailed 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookQueued 1, WebhookRecovered 1, WebhookReplayed 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 27',
      told: 0,
    },
  },
  {
    name: 'the guard asks: key refused',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'monoova: webhook comes': 'never', 'check-settlement: GET status': ['key refused'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 2583',
      counted: 'MonoovaCredentialsRefused 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed status Complete',
      controls: 'revision 4',
      reasons: 'MerchantFailedToLogin',
      guards: 'ends after 2584',
      told: 0,
    },
  },
  {
    name: 'the sender begins too late',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submission: SubmitPayment': ['late'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 84',
      told: 0,
    },
  },
  {
    name: 'never received, and asked by the sender: no answer',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['unanswered before'], 'submit-payment: GET status': ['unreachable'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 181, asks 481, asks 481, asks 1383, asks 1384, pays, described 1384',
      counted:
        'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionUnanswered 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 11, posts 2, number 1001: unanswered submission TIMEOUT, 5 times not-found status, accepted submission Pending, completed webhook',
      controls: 'revision 2',
      reasons: 'ECONNREFUSED',
      guards: 'ends after 1406',
      told: 0,
    },
  },
  {
    name: 'throttled for 3 s again and again',
    seed: 2,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': [...times(6, 'throttled for 3 seconds')],
      'submit-payment: environment': ['clock fast', 'clock fast', 'clock slow'],
    },
    comesTo: {
      answers: '202',
      calls:
        'pays 0, asks 5, asks 58, asks 60, pays 61, asks 65, pays 65, asks 66, pays 66, asks 186, asks 186, pays 187, asks 190, pays 190, asks 195, pays 195, 17 in all',
      counted:
        'MonoovaThrottled 6, MonoovaThrottledError 6, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 26, posts 1, number 1001: unreceived submission HTTP 429, 3 times not-found status, unreceived submission HTTP 429, not-found status, unreceived submission HTTP 429, not-found status, unreceived submission HTTP 429, 2 times not-found status, unreceived submission HTTP 429, not-found status, unreceived submission HTTP 429, not-found status, accepted submission Pending, accepted status Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 553',
      told: 0,
    },
  },
  {
    name: 'long throttled, then who finds out is not answered',
    seed: 1,
    payouts: [1, 2],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['throttled for long'], 'submit-payment: GET status': ['unreachable'] },
    comesTo: {
      answers: '202, 202',
      calls:
        'pays, described 0, asks 60, asks 120, asks 240, asks 421, asks 661, asks 663, asks 961, pays 961, asks 963, asks 963, pays, described 963, asks 1081, asks 1382',
      counted:
        'BreakerOpened 2, MonoovaThrottled 1, PayoutCompleted 2, PayoutRequested 2, PayoutSubmitted 2, SubmissionHeld 12, WebhookAccepted 2, rings 2',
      records: [
        'Completed, revision 13, posts 1, number 1002: unreceived submission HTTP 429, 7 times not-found status, accepted submission Pending, completed webhook',
        'Completed, revision 6, posts 1, number 1001: not-found status, accepted submission Pending, accepted status Pending, completed webhook',
      ].join('; '),
      controls: 'revision 5',
      reasons: 'ECONNREFUSED, HTTP 429, Retry-After 600 s',
      guards: 'ends after 1643, ends after 985',
      told: 0,
    },
  },
  {
    name: 'not sent, and the question before the next POST: key refused',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['unreachable'], 'submit-payment: GET status': ['key refused'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 1, asks 1863, asks 1863, pays, described 1863',
      counted:
        'MonoovaCredentialsRefused 1, MonoovaUnreachable 1, MonoovaUnreachableError 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionHeld 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 8, posts 1, number 1001: unreceived submission ECONNREFUSED, 2 times not-found status, accepted submission Pending, completed webhook',
      controls: 'revision 6',
      reasons: 'MerchantFailedToLogin',
      guards: 'ends after 1885',
      told: 0,
    },
  },
  {
    name: 'the fence: denied',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: UpdateItem transactions transaction_id status revision posting_until': ['denied'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted:
        'AccessDeniedException 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 5, posts 1, number 1001: unreceived submission the fence could not be raised, accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 83',
      told: 0,
    },
  },
  {
    name: 'the key is refused for several',
    seed: 1,
    payouts: [1, 2, 3],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['key refused'] },
    comesTo: {
      answers: '202, 202, 202',
      calls:
        'pays, described 0, pays 1261, asks 1261, asks 1262, pays, described 1262, pays 1263, asks 1382, asks 1682',
      counted:
        'MonoovaCredentialsRefused 1, PayoutCompleted 3, PayoutRequested 3, PayoutSubmitted 3, SubmissionHeld 15, WebhookAccepted 3, rings 3',
      records: [
        'Completed, revision 4, posts 1, number 1003: accepted submission Pending, completed webhook',
        'Completed, revision 5, posts 1, number 1001: accepted submission Pending, accepted status Pending, completed webhook',
        'Completed, revision 8, posts 1, number 1002: unreceived submission MerchantFailedToLogin, 2 times not-found status, accepted submission Pending, completed webhook',
      ].join('; '),
      controls: 'revision 4',
      reasons: 'MerchantFailedToLogin',
      guards: 'ends after 1263, ends after 1283, ends after 1943',
      told: 0,
    },
  },
  {
    name: 'no end',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'monoova: course': 'never final' },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 61, asks 181, asks 481, asks 1383, asks 4983, asks 19383, asks 48183, asks 91383, asks 177783',
      counted: 'PayoutEscalated 1, PayoutRequested 1, PayoutSubmitted 1, rings 0',
      records:
        'Pending, revision 5, posts 1, a doorbell, number 1001: accepted submission Pending, accepted status Pending, escalated settlement',
      controls: '',
      reasons: '',
      guards: 'PayoutEscalated after 177784',
      told: 1,
    },
  },
  {
    name: 'an ordinary payout',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {},
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 22',
      told: 0,
    },
  },
  {
    name: 'throttled, and taken all the same',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['throttled after'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 1',
      counted:
        'MonoovaThrottled 1, MonoovaThrottledError 1, PayoutCompleted 1, PayoutRequested 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 5, posts 0, number 1001: unreceived submission HTTP 429, accepted status Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 22',
      told: 0,
    },
  },
  {
    name: 'throttled, taken, and not found yet',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': ['throttled after'],
      'submit-payment: GET status': ['not found yet'],
      'monoova: course': 'slow',
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 1, pays, described 1, asks 2, asks 61, asks 181, asks 481, asks 1383, asks 4983, asks 19383',
      counted:
        'MonoovaThrottled 1, MonoovaThrottledError 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 8, posts 1, number 1001: unreceived submission HTTP 429, not-found status, accepted submission UniqueReferenceExists, accepted status Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 21175',
      told: 0,
    },
  },
  {
    name: 'throttled, taken, ended and not found yet',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': ['throttled after'],
      'submit-payment: GET status': ['not found yet'],
      'monoova: course': 'at once',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 1, pays, described 1, asks 2',
      counted:
        'MonoovaThrottled 1, MonoovaThrottledError 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 8, posts 1, number 1001: unreceived submission HTTP 429, not-found status, completed webhook, accepted submission UniqueReferenceExists, completed status Complete',
      controls: '',
      reasons: '',
      guards: 'ends after 1',
      told: 0,
    },
  },
  {
    name: 'the POST: throttled for long',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['throttled for long'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 121, asks 241, asks 423, asks 664, asks 664, pays, described 664',
      counted:
        'BreakerOpened 1, MonoovaThrottled 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionHeld 5, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 12, posts 1, number 1001: unreceived submission HTTP 429, 6 times not-found status, accepted submission Pending, completed webhook',
      controls: 'revision 3',
      reasons: 'HTTP 429, Retry-After 600 s',
      guards: 'ends after 687',
      told: 0,
    },
  },
  {
    name: 'an end, seen only at the last look',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'monoova: webhook comes': 'never', 'check-settlement: GET status': [...times(8, 'unreachable')] },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 61, asks 181, asks 481, asks 1383, asks 4983, asks 19383, asks 48183, asks 91383, asks 177783',
      counted: 'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, rings 1',
      records: 'Completed, revision 4, posts 1, number 1001: accepted submission Pending, completed status Complete',
      controls: '',
      reasons: 'ECONNREFUSED',
      guards: 'ends after 177784',
      told: 0,
    },
  },
  {
    name: 'long throttled, and who finds out comes too late',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'submit-payment: POST execute': ['throttled for long'],
      'settlement: SubmitPayment': [...times(9, 'late')],
    },
    comesTo: {
      answers: '202',
      calls:
        'pays, described 0, asks 61, asks 196, asks 511, asks 1428, asks 1830, asks 5044, asks 10449, asks 12300, asks 19459, asks 19496, asks 48274, asks 48422, asks 91490, asks 109624, asks 177905',
      counted: 'BreakerOpened 1, MonoovaThrottled 1, PayoutFailed 1, PayoutRequested 1, SubmissionHeld 3, rings 1',
      records:
        'Failed, revision 19, posts 0: unreceived submission HTTP 429, 15 times not-found status, patience-ended settlement',
      controls: 'openings 1, open_reason HTTP 429, Retry-After 600 s, revision 13',
      reasons: 'HTTP 429, Retry-After 600 s',
      guards: 'ends after 177905',
      told: 0,
    },
  },
  {
    name: 'long throttled, and who finds out hears: odd status',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'submit-payment: POST execute': ['throttled for long'], 'submit-payment: GET status': ['odd status'] },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 121, asks 241, asks 423, asks 664, asks 664, pays, described 664',
      counted:
        'BreakerOpened 1, MonoovaThrottled 1, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, SubmissionHeld 5, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 11, posts 1, number 1001: unreceived submission HTTP 429, 5 times not-found status, accepted submission Pending, completed webhook',
      controls: 'revision 3',
      reasons: 'Dishonoured, HTTP 429, Retry-After 600 s',
      guards: 'ends after 687',
      told: 0,
    },
  },
  {
    name: 'a doorbell that nobody can ring',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      'receive-webhook: SendTaskSuccess': 'denied',
      'retry-webhook: SendTaskSuccess': 'denied',
      'check-settlement: SendTaskSuccess': 'denied',
      'monoova: webhook is odd': 'twice',
    },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0',
      counted:
        'DoorbellFailed 6, PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, WebhookGivenUp 1, WebhookQueued 1, WebhookReplayed 1, WebhookRetryFailed 4, rings 0',
      records:
        'Completed, revision 4, posts 1, a doorbell, number 1001: accepted submission Pending, completed webhook',
      controls: '',
      reasons: '',
      guards: 'ends after 61',
      told: 0,
    },
  },
  {
    name: 'a sender of a record that is lost',
    seed: 13,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'the table is restored': 'restored', 'submission: SubmitPayment': ['late'] },
    comesTo: {
      answers: '202',
      calls: '',
      counted: 'PayoutNotFoundError 2, PayoutRequested 1, ReconciliationEnded 3, SubmissionHeld 1, rings 0',
      records: 'Pending, revision 1, posts 0, a doorbell: ',
      controls: 'revision 2',
      reasons: '',
      guards: 'PayoutEscalated after 121',
      told: 1,
    },
  },
  {
    name: 'a guard of a record that is lost',
    seed: 29,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'the table is restored': 'restored', 'monoova: course': 'slow' },
    comesTo: {
      answers: '202',
      calls: 'pays, described 0, asks 61, asks 181, asks 483, asks 1384',
      counted:
        'PayoutCompleted 1, PayoutRequested 1, PayoutSubmitted 1, ReconciliationEnded 3, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 1005, posts 1, number 1001: accepted submission Pending, accepted status Pending, completed webhook',
      controls: 'revision 2',
      reasons: '',
      guards: 'ends after 1595',
      told: 0,
    },
  },
];
