import type { Incident } from '../run-incident.ts';

/** Clients and people do more than ask once. */
export const withRequests: readonly Incident[] = [
  {
    name: 'a repeated request while it is open',
    seed: 1,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: { 'client: asks again': 'soon', 'monoova: course': 'slow' },
    comesTo: {
      answers: '202, 202 replayed, 202 replayed',
      calls:
        'pays, described 0, asks 60, asks 180, asks 480, asks 1380, asks 4982, asks 19382, asks 48182, asks 91383, asks 177784',
      counted: 'PayoutCompleted 1, PayoutEscalated 1, PayoutRequested 3, PayoutSubmitted 1, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 6, posts 1, number 1001: accepted submission Pending, accepted status Pending, escalated settlement, completed webhook',
      controls: '',
      reasons: '',
      guards: 'PayoutEscalated after 177785',
      told: 1,
    },
  },
  {
    name: 'a pause, and its end',
    seed: 10,
    payouts: [1],
    resubmission: 'after-quiet-period',
    does: {
      operator: 'pauses',
      'client: asks again': 'in hours',
      'submit-payment: POST execute': ['throttled for long'],
    },
    comesTo: {
      answers: '202, 202 replayed, 202 replayed',
      calls:
        'pays 0, asks 60, asks 120, asks 240, asks 420, asks 660, asks 961, asks 1261, asks 1561, asks 1862, asks 2162, asks 2463, asks 2763, asks 3063, asks 3363, asks 3663, 106 in all',
      counted:
        'BreakerOpened 1, MonoovaThrottled 1, PayoutCompleted 1, PayoutRequested 3, PayoutSubmitted 1, SubmissionHeld 102, WebhookAccepted 1, rings 1',
      records:
        'Completed, revision 34, posts 1, number 1001: unreceived submission HTTP 429, 27 times not-found status, accepted submission Pending, accepted status Pending, completed webhook',
      controls: 'revision 5',
      reasons: 'HTTP 429, Retry-After 600 s',
      guards: 'ends after 30175',
      told: 0,
    },
  },
];
