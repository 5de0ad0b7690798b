import type { Equivalent } from './equivalent.ts';

export const inFunctions: readonly Equivalent[] = [
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
  {
    reason:
      'It chooses the words of one log line, and no answer, record or metric; what is logged is held against plain text alone.',
    ids: [
      "functions/shared/look-up.ts reason: the choice (result.kind === 'unknown') is always true",
      "functions/shared/look-up.ts reason: the choice (result.kind === 'unknown') is always false",
    ],
  },
];
