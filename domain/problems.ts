/**
 * Every refusal that a client can get, as RFC 9457 problem documents: one table for the Lambdas, the state machines and the
 * gateway's own answers. `detail` says what to change. `code` is stable; nothing inside (cause, stack, ARN) ever leaves.
 */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    detail: 'Change the fields that `errors` names and send it again.',
  },
  invalid_idempotency_key: {
    status: 400,
    title: 'The Idempotency-Key is not valid',
    detail: 'Send one Idempotency-Key header of 1 to 255 visible ASCII characters (no spaces), or none.',
  },
  unknown_customer: {
    status: 400,
    title: 'The customer is not registered',
    detail: 'Check customer_id, or register the customer with `payouts customers put`.',
  },
  no_such_destination: {
    status: 400,
    title: 'The customer has no destination for this payout_method',
    detail: 'Choose the other payout_method, or register a destination for this one.',
  },
  unsigned: {
    status: 403,
    title: 'The request is not signed by someone who may call this',
    detail:
      'Sign it with AWS Signature Version 4 for the service execute-api, with credentials that may invoke this route.',
  },
  filtered: {
    status: 403,
    title: 'The firewall refused the request',
    detail:
      'Nothing was read of it. Send fewer requests from one address, a body under 8 kB, and no description that reads like an attack.',
  },
  unauthenticated_webhook: {
    status: 401,
    title: 'The webhook is not proven',
    detail: 'A webhook needs the agreed Authorization header and the signature of its body.',
  },
  not_found: {
    status: 404,
    title: 'There is no such payout',
    detail: 'Check the transaction_id: it starts with txn- and was in the answer to POST /payouts.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: 'A payout request needs less than 2 kB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    detail: 'Send Content-Type: application/json.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    detail:
      'This key was used with another customer, amount, payout_method or description. Use a new key for a new payout.',
  },
  destination_unusable: {
    status: 422,
    title: 'The stored destination cannot be used',
    detail: 'Register the destination of this customer again, then repeat the request.',
  },
  declined: {
    status: 422,
    title: 'The payout was declined',
    detail: 'Monoova refused it and no money moved. To try again, send the request with a new Idempotency-Key.',
  },
  over_limit: {
    status: 422,
    title: 'A daily limit would be exceeded',
    detail:
      'Nothing was recorded. `limit` says whose: send a smaller amount, or the same request with the same Idempotency-Key after `limit_ends_at`.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait a little and repeat the request with the same Idempotency-Key.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'Repeat the request with the same Idempotency-Key: it can not become a second payout.',
  },
  unavailable: {
    status: 503,
    title: 'The service cannot take the request now',
    detail: 'Wait a little and repeat the request with the same Idempotency-Key: it can not become a second payout.',
  },
  paused: {
    status: 503,
    title: 'New payouts are paused',
    detail:
      'Nothing was recorded. Payouts that are recorded already wait; repeat the request with the same Idempotency-Key later.',
  },
  outcome_unknown: {
    status: 504,
    title: 'The outcome is not known yet',
    detail: 'Ask again with the same Idempotency-Key: it can not become a second payout.',
  },
} as const satisfies Record<string, { readonly status: number; readonly title: string; readonly detail: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
