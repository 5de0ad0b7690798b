/** A run in which nothing goes wrong, but for what clients, people and Monoova do of their own accord. */
export type Situation = {
  readonly name: string;
  /** What is left to chance is left to this. */
  readonly seed: number;
  /** Which payout of the run is asked for: the higher, the larger its amount. Default: 1. */
  readonly payout?: number;
  /** What they do, by the label of the point. */
  readonly does: Readonly<Record<string, string>>;
  /** What becomes of its payout; empty where there is none. */
  readonly ends: string;
  /** What the client is answered, sorted. */
  readonly answers: string;
  /** Single faults after which something else is right: the reason stands beside each. */
  readonly save?: RegExp;
};

const ORDINARY = { seed: 1, does: {}, ends: 'Completed', answers: '202' } as const;
const REFUSED = { seed: 1, ends: '' } as const;
const LIMITED = { ...REFUSED, seed: 2, payout: 5, answers: '422 over_limit' } as const;
const LIMIT = 'a daily limit is nearly used up';
const AGAIN = 'client: asks again';

export const SITUATIONS: readonly Situation[] = [
  { ...ORDINARY, name: 'an ordinary payout' },
  { ...ORDINARY, name: 'no webhook', does: { 'monoova: webhook comes': 'never' } },
  { ...ORDINARY, name: 'an end at once', does: { 'monoova: course': 'at once' } },
  {
    ...ORDINARY,
    name: 'the guard sends',
    does: { 'submission: StartSettlement is entered': 'execution lost' },
    answers: Array(4).fill('504 outcome_unknown').join(', '),
  },
  {
    ...ORDINARY,
    name: 'a decline',
    does: { 'monoova: judgement': 'declined', [AGAIN]: 'in minutes' },
    ends: 'Failed',
    answers: '422 declined, 422 replayed declined, 422 replayed declined',
    // Of a POST whose answer is not known, and that Monoova does not find, only a person can say that it moved nothing.
    save: /submit-payment: (POST execute|UpdateItem)/,
  },
  { ...ORDINARY, name: 'a rejection', does: { 'monoova: course': 'rejected' }, ends: 'Rejected' },
  {
    ...ORDINARY,
    name: 'a return',
    does: { 'monoova: course': 'returned' },
    ends: 'Returned',
    // Nothing but its webhook tells of a return.
    save: /monoova: webhook comes: never/,
  },
  {
    ...ORDINARY,
    name: 'an outcome that the machine cannot read',
    does: { 'settlement: ReadOutcome (GetItem)': 'denied' },
  },
  {
    ...ORDINARY,
    name: 'no end, and nobody can be told',
    does: { 'monoova: course': 'never final', 'settlement: Escalate (Publish)': 'denied' },
    ends: 'Pending, and no person was told',
    // A call whose answer alone is lost has told somebody.
    save: /Escalate \(Publish\)/,
  },
  { ...ORDINARY, name: 'no end', does: { 'monoova: course': 'never final' }, ends: 'Pending, a person was told' },
  {
    ...ORDINARY,
    name: 'a repeated request',
    does: { [AGAIN]: 'soon' },
    answers: '202, 202 replayed, 202 replayed',
  },
  {
    ...ORDINARY,
    name: 'a repeated request in a pause',
    seed: 10,
    does: { [AGAIN]: 'in hours', operator: 'pauses' },
    answers: '202, 202 replayed, 202 replayed',
    // What a fault delays meets the pause, and waits for its end.
    save: /^/,
  },
  {
    ...ORDINARY,
    name: 'a repeated request after the customer has left',
    does: { [AGAIN]: 'in hours', 'client: the customer': 'leaves' },
    answers: '202, 202 replayed, 202 replayed',
    save: /^(client: POST|submission: |validate-payout: |decrypt-destination: )/,
  },
  {
    ...ORDINARY,
    name: 'another request by the same key',
    seed: 3,
    does: { [AGAIN]: 'another amount' },
    answers: '202, 422 idempotency_key_reused, 422 idempotency_key_reused',
    // Whichever of the requests is recorded first is the payout, and a fault may change which.
    save: /^(client: POST|submission: |validate-payout: |decrypt-destination: )/,
  },
  {
    ...ORDINARY,
    name: 'a pause',
    does: { operator: 'pauses' },
    answers: '202, 503 paused, 503 paused, 503 paused',
    // A client that is answered earlier or later meets the pause, or does not.
    save: /^(client: POST|operator|submission: |validate-payout: |decrypt-destination: )/,
  },
  {
    ...REFUSED,
    name: 'a request that is not valid',
    does: { 'client: request': 'not valid' },
    answers: '400 invalid_request',
  },
  {
    ...REFUSED,
    name: 'an unknown customer',
    does: { 'client: request': 'unknown customer' },
    answers: '400 unknown_customer',
  },
  {
    ...REFUSED,
    name: 'no such destination',
    does: { 'client: request': 'no such destination' },
    answers: '400 no_such_destination',
  },
  {
    ...REFUSED,
    name: "another customer's destination",
    does: { 'client: request': 'of another customer' },
    answers: '422 destination_unusable',
  },
  { ...LIMITED, name: "over the customer's limit", does: { [LIMIT]: 'customer' } },
  { ...LIMITED, name: "over the stage's limit", does: { [LIMIT]: 'stage' } },
];
