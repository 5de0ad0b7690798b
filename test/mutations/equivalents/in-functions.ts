import type { Equivalent } from './equivalent.ts';

const HANDLER = 'functions/submit-payment/handler.ts';
const SETTLE = 'functions/shared/settle.ts';
const LOOK_UP = 'functions/shared/look-up.ts';
const CHECK = 'functions/check-settlement/handler.ts';
const GATE = 'functions/shared/gate.ts';

export const inFunctions: readonly Equivalent[] = [
  {
    reason: 'Then a line is made anew of the same secret for each call: only time is lost.',
    ids: ['functions/adapters/monoova/client.ts connect: if (last?.secret !== secret) is always true'],
  },
  {
    reason: 'mayCall() takes a key that is undefined and one that is not there for the same.',
    ids: [`${GATE} asked: the choice (key === undefined) is always false`],
  },
  {
    reason:
      'Nothing is more than a number where there is none: the comparison behind it says no as well. It tells TypeScript that there is one.',
    ids: [`${GATE} isLong: && (retryAfterSeconds !== undefined) is always true`],
  },
  {
    reason: 'Only submit-payment asks, whose passes are all for a POST.',
    ids: [`${GATE} isLineProbe: && (call === 'post') is always true`],
  },
  {
    reason:
      'A pass for a POST that knows of a breaker that is not closed is the probe: mayCall() lets nobody else through, in every case of the rule.',
    ids: [`${GATE} isLineProbe: && (controls.probe_by === attempt) is always true`],
  },
  {
    reason:
      'announce() of nothing throws, and the catch around both says in other words that the call does not count. Nothing is written either way.',
    ids: [`${GATE} change: if (written) is always true`],
  },
  {
    reason:
      'ring() answers `failed` only where it was given a token: the second half tells TypeScript what the first says.',
    ids: [`${SETTLE} finish: && (taskToken !== undefined) is always true`],
  },
  {
    reason: 'ring() itself answers `none` to no token, before it calls anybody, and only `rung` drops a doorbell.',
    ids: [`${SETTLE} ringAgain: || (task_token === undefined) is always false`],
  },
  {
    reason: 'Of the two kinds that come here only `unknown` has isLineLost: a refused key leaves it undefined.',
    ids: [`${LOOK_UP} isLost: && (result.kind === 'unknown') is always true`],
  },
  {
    reason:
      'A `not-found` has no detail: what is copied is undefined, and neither identityOf() nor the document client keeps that.',
    ids: [`${LOOK_UP} fact: the choice (result.kind === 'not-found') is always false`],
  },
  {
    reason:
      'A record that its caller has just read vanishes only in a restore, and the runbook waits a minute before it: the invocation has ended by then. If not, reading a field of nothing throws in the place of the error that says so, and nothing is sent or written after either.',
    ids: [
      `${LOOK_UP} payout: the choice (settled.outcome === 'no-such-payout') is always false`,
      `${HANDLER} apply: if (settled.outcome === 'no-such-payout') is always false`,
      `${CHECK} note: if (settled.outcome === 'no-such-payout') is always false`,
    ],
  },
  {
    reason:
      'payoutSchema refuses to read a record that lacks these unless it was rebuilt, and a rebuilt one has no ciphertext (domain/rebuild.ts), which is asked for beside them.',
    ids: [
      `${HANDLER} isWhole: && (customer_id !== undefined) is always true`,
      `${HANDLER} isWhole: && (amount_cents !== undefined) is always true`,
      `${HANDLER} isWhole: && (destination_id !== undefined) is always true`,
      `${HANDLER} instructionFor: || (!isWhole) is always false`,
    ],
  },
  {
    reason:
      'The ciphertext leaves a record with its final status (withoutSecrets()): an open one that has none was rebuilt, and lacks the other three as well.',
    ids: [`${HANDLER} instructionFor: || (destination_ciphertext === undefined) is always false`],
  },
  {
    reason:
      'Both halves of the question are never true of a payout that is due: what lacks any of the four was rebuilt (payoutSchema), a rebuilt record is received ' +
      '(domain/rebuild.ts notes `accepted` in each), and what is received is never sent (maySubmit, in every case of the rule). It tells TypeScript that they are there.',
    ids: [`${HANDLER} instructionFor: if (destination_ciphertext === undefined || !isWhole) is always false`],
  },
  {
    reason: 'executeBody() (adapters/monoova/wire.ts) writes a description only where there is one: undefined is none.',
    ids: [`${HANDLER} instructionFor: the choice (description === undefined) is always false`],
  },
  {
    reason:
      'Among the results only `accepted` and `already-received` can have the code Ok: a decline has one of DECLINE_CODES.',
    ids: [`${HANDLER} wasReceived: && (result.kind === 'accepted') is always true`],
  },
  {
    reason: 'A number that is undefined is not smaller than any: the comparison behind it says false as well.',
    ids: [`${CHECK} isSucceeded: && (number !== undefined) is always true`],
  },
  {
    reason:
      'A fact without a number and one whose number is undefined are the same to identityOf(), to identify() and to the document client.',
    ids: [`${HANDLER} factOf: the choice (monoovaTransactionId === undefined) is always false`],
  },
  {
    reason:
      'A record that is not there has no doorbell, so that `task_token = :token` refuses it as well; the condition without that part is noticed.',
    ids: [
      'functions/adapters/payout-store.ts attribute_exists(transaction_id) AND task_token = :token, without attribute_exists(transaction_id)',
    ],
  },
  {
    reason:
      'A record that is not there has no revision, so that `#revision = :previous` refuses it as well; the condition without that part is noticed.',
    ids: [
      'functions/adapters/payout-store.ts attribute_exists(transaction_id) AND #revision = :previous, without attribute_exists(transaction_id)',
      'functions/adapters/controls.ts attribute_exists(id) AND #revision = :previous, without attribute_exists(id)',
    ],
  },
  {
    reason:
      'A record that is not there has no status, so that `#status = :pending` refuses it as well; the condition without that part is noticed.',
    ids: [
      'functions/adapters/payout-store.ts attribute_exists(transaction_id) AND #status = :pending AND #revision = :previous AND (attribute_not_exists(posting_until) OR posting_until <= :now), without attribute_exists(transaction_id)',
      'functions/adapters/payout-store.ts attribute_exists(transaction_id) AND #status = :pending AND (attribute_not_exists(guards) OR guards < :number), without attribute_exists(transaction_id)',
    ],
  },
  {
    reason:
      'untoldBy hands on an answer that could be read only where its status is no success, so that a success comes here unread alone.',
    ids: ['functions/adapters/monoova/errors.ts isLineLost: && (!envelope) is always true'],
  },
];
