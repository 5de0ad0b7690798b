/**
 * Every error that a state machine may see, by what it has to do about it. Expected outcomes (declined, unknown customer)
 * are data, not errors. Names are literal, because Step Functions matches them (`ErrorEquals`) and bundlers rename classes.
 *
 * | name                      | what happened                                         | what the machine does                      |
 * |---------------------------|-------------------------------------------------------|--------------------------------------------|
 * | MonoovaUnreachableError   | proven: nothing was received (refused, DNS, connect)  | Retry, bounded                             |
 * | MonoovaThrottledError     | proven: nothing was received (429)                    | Retry, bounded                             |
 * | DestinationUnusableError  | the ciphertext is not this customer's, or not readable| 422, nothing recorded, counted             |
 * | PayoutConflictError       | too many writers met on one payout                    | the guard looks again                      |
 * | PayoutNotFoundError       | a payout that was recorded cannot be read             | the guard looks again, then a person       |
 * | ConfigurationError        | a setting or secret is not what the stage allows      | the guard looks again, the log says why    |
 * | ReconciliationRefusedError| days or a rebuild that cannot be done as asked        | fails, and changes nothing                 |
 *
 * Messages carry ids and never an account, a PayID, a name or a key; `cause` is kept.
 */

/** Monoova did not receive the payment: the connection was refused, the name did not resolve, or connecting timed out. */
export class MonoovaUnreachableError extends Error {
  override readonly name = 'MonoovaUnreachableError' as const;
}

/** Monoova answered 429: it did not take the payment. */
export class MonoovaThrottledError extends Error {
  override readonly name = 'MonoovaThrottledError' as const;
}

/**
 * A stored destination cannot be used: it does not decrypt under this customer's context, or it decrypts to something that
 * is no destination. Registering it again is the cure; a swapped ciphertext is a sign of tampering, so it is counted.
 */
export class DestinationUnusableError extends Error {
  override readonly name = 'DestinationUnusableError' as const;
}

/** One payout was written by others on each of the tries; nothing was changed by this one. Safe to repeat. */
export class PayoutConflictError extends Error {
  override readonly name = 'PayoutConflictError' as const;
}

/** A payout that must exist does not. Nothing was changed. */
export class PayoutNotFoundError extends Error {
  override readonly name = 'PayoutNotFoundError' as const;
}

/** A setting, secret or host is not what this stage allows. Nothing was sent. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError' as const;
}

/** A reconciliation was asked for that cannot be done: too many days, or a rebuild while payouts are sent. Nothing was done. */
export class ReconciliationRefusedError extends Error {
  override readonly name = 'ReconciliationRefusedError' as const;
}
