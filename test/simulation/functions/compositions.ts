import type { Compose } from '../lambda/environment.ts';
import { composeCheckSettlement } from './check-settlement.ts';
import { composeDecryptDestination } from './decrypt-destination.ts';
import { composeReadPayouts } from './read-payouts.ts';
import { composeReceiveWebhook } from './receive-webhook.ts';
import { composeReconcile } from './reconcile.ts';
import { composeRetryWebhook } from './retry-webhook.ts';
import { composeSubmitPayment } from './submit-payment.ts';
import { composeValidatePayout } from './validate-payout.ts';

/** By the folder of the function: what its index.ts does, over the simulated clients. */
export const COMPOSITIONS: Readonly<Record<string, Compose>> = {
  'check-settlement': composeCheckSettlement,
  'decrypt-destination': composeDecryptDestination,
  'read-payouts': composeReadPayouts,
  'receive-webhook': composeReceiveWebhook,
  reconcile: composeReconcile,
  'retry-webhook': composeRetryWebhook,
  'submit-payment': composeSubmitPayment,
  'validate-payout': composeValidatePayout,
};
