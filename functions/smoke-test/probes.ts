import type { Answered } from './ports.ts';

/** One question that moves no money and changes no payout, and what a version that works says to it. */
export type Probe = {
  readonly event: unknown;
  /** In words, for whoever reads why a deployment was stopped. */
  readonly expected: string;
  readonly isAsExpected: (answered: Answered) => boolean;
};

/** In the form of our ids, and of none that we make: ours are of version 8. */
const NOBODYS_PAYOUT = 'txn-00000000-0000-4000-8000-000000000000';
const LONG_AGO = '2000-01-01T00:00:00.000Z';

/**
 * By the name of the function. Each goes as far as it can without changing anything: it loads the code, reads the environment, and asks what
 * the function asks first, so that a missing variable, grant, table or key shows before a client meets it.
 */
export const PROBES: Readonly<Record<string, Probe>> = {
  ValidatePayout: {
    event: { body_base64: Buffer.from('{}').toString('base64'), idempotency_keys_base64: [] },
    expected: 'an empty request is refused as invalid',
    isAsExpected: ({ payload }) => at(payload, 'refusal', 'statusCode') === 400,
  },
  DecryptDestination: {
    event: { customer_id: 'nobody-of-the-smoke-test', payout_method: 'PayId' },
    expected: 'an unknown customer is refused',
    isAsExpected: ({ payload }) => at(payload, 'refusal', 'statusCode') === 400,
  },
  SubmitPayment: {
    event: { transaction_id: NOBODYS_PAYOUT, deadline: LONG_AGO },
    expected: 'a payout that is not recorded is not found',
    isAsExpected: failsWith('PayoutNotFoundError'),
  },
  CheckSettlement: {
    event: { transaction_id: NOBODYS_PAYOUT, is_last: false },
    expected: 'a payout that is not recorded is not found',
    isAsExpected: failsWith('PayoutNotFoundError'),
  },
  ReceiveWebhook: {
    event: { headers: {}, body: '{}', isBase64Encoded: false },
    expected: 'a webhook without proof is refused',
    isAsExpected: ({ payload }) => at(payload, 'statusCode') === 401,
  },
  RetryWebhook: {
    event: { Records: [] },
    expected: 'of no letters none fails',
    isAsExpected: ({ payload }) => JSON.stringify(at(payload, 'batchItemFailures')) === '[]',
  },
  ReadPayouts: {
    event: { pathParameters: { transaction_id: NOBODYS_PAYOUT } },
    expected: 'a payout that is not recorded is not found',
    isAsExpected: ({ payload }) => at(payload, 'statusCode') === 404,
  },
  Reconcile: {
    // A rebuild is planned only after a look at the controls; a plan changes nothing.
    event: { step: 'plan', asked: { rebuild: true }, execution_name: 'smoke-test', execution_arn: 'smoke-test' },
    expected: 'a rebuild is planned while payouts are paused, and refused while they are not',
    isAsExpected: (answered) =>
      failsWith('ReconciliationRefusedError')(answered) || at(answered.payload, 'run', 'is_rebuild') === true,
  },
  WatchPayouts: {
    event: {},
    expected: 'the age of the oldest open payout is measured',
    isAsExpected: ({ payload, isError }) => !isError && typeof at(payload, 'oldestOpenSeconds') === 'number',
  },
};

function failsWith(errorType: string): Probe['isAsExpected'] {
  return ({ payload, isError }) => isError && at(payload, 'errorType') === errorType;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((parent: unknown, key) => (parent as Record<string, unknown> | null | undefined)?.[key], value);
}
