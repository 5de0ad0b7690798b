import type { Equivalent } from './equivalent.ts';

const RECEIVER = 'functions/receive-webhook';
const KEYS = 'functions/adapters/monoova/signing-keys.ts';

/** Of what lets webhooks and requests in. */
export const inEntrances: readonly Equivalent[] = [
  {
    reason:
      "Then the first of two signatures is looked at: whoever can make one that is right has Monoova's key, and one that is wrong is refused as before.",
    ids: [`${RECEIVER}/handler.ts signatureOf: the choice (others.length === 0) is always true`],
  },
  {
    reason:
      'A fact comes here with a transaction id alone, which readFact() makes of a reference that is a UUID. It tells TypeScript that there is one.',
    ids: [`${RECEIVER}/apply-fact.ts isOurs: && (reference !== undefined) is always true`],
  },
  {
    reason: 'The pattern does not fit the word `undefined` either. It tells TypeScript that there is a text.',
    ids: [`${RECEIVER}/keep-for-person.ts webhookIdOf: && (id !== undefined) is always true`],
  },
  {
    reason: 'A letter travels as JSON, which leaves out what is undefined.',
    ids: [`${RECEIVER}/keep-for-person.ts fact: && (webhookId !== undefined) is always true`],
  },
  {
    reason:
      "verify() says no to a signature of another length than the key's, and API Gateway lets no header through that would take long to decode (10,240 bytes in all).",
    ids: [
      'functions/adapters/monoova/webhook-proof.ts isSignedBy: if (signature.length > SIGNATURE_MAX_CHARACTERS) is always false',
    ],
  },
  {
    reason: 'Only a key can have proven a webhook: keep() comes behind that. It tells TypeScript that there is one.',
    ids: [`${KEYS} keep: || (current === undefined) is always false`],
  },
  {
    reason:
      'Reading the key of nothing throws in the place of the error that says so, and the webhook is neither proven nor refuted by either.',
    ids: [`${KEYS} isSome: if (current === undefined) is always false (2)`],
  },
  {
    reason: 'A failed call has no status: the next operand says the same. This one tells TypeScript that there is one.',
    ids: [`${KEYS} fetchKey: && (outcome.kind === 'answer') is always true`],
  },
  {
    reason: 'What is no reference would be looked up as `txn-undefined`, and no payout has that name.',
    ids: ['functions/validate-payout/handler.ts payout: && (reference) is always true'],
  },
];
