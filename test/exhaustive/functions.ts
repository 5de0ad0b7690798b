import { createMonoova } from '../../functions/adapters/monoova/client.ts';
import { createPayoutStore } from '../../functions/adapters/payout-store.ts';
import { createTaskTokens } from '../../functions/adapters/task-tokens.ts';
import { createHandler as createCheckSettlement } from '../../functions/check-settlement/handler.ts';
import { createHandler as createDecryptDestination } from '../../functions/decrypt-destination/handler.ts';
import { createHandler as createReceiveWebhook } from '../../functions/receive-webhook/handler.ts';
import type { Log, Metrics } from '../../functions/shared/ports.ts';
import { createHandler as createSubmitPayment } from '../../functions/submit-payment/handler.ts';
import { createHandler as createValidatePayout } from '../../functions/validate-payout/handler.ts';
import type { Stage } from '../../infra/stages.ts';
import { DESTINATION } from '../fakes/world.ts';
import { aContext } from '../functions/powertools/context.ts';
import type { Ask } from './calls.ts';
import { documentClientOver, exchangeOver, taskTokenClientOver } from './ports.ts';

/** By the placeholder of its ARN, which stands for the ARN in the definitions. */
export const LAMBDAS = {
  ValidatePayoutFunctionArn: 'validate-payout',
  DecryptDestinationFunctionArn: 'decrypt-destination',
  SubmitPaymentFunctionArn: 'submit-payment',
  CheckSettlementFunctionArn: 'check-settlement',
} as const;
export type FunctionName = (typeof LAMBDAS)[keyof typeof LAMBDAS] | 'receive-webhook';

export const CUSTOMER_ID = 'cust-1';
/** Placeholders stand for the names of tables, as in the definitions. */
const TRANSACTIONS = 'TransactionsTableName';

const silent: Log & Metrics = { info: () => {}, warn: () => {}, error: () => {}, count: () => {} };

export type World = { readonly ask: Ask; readonly nowMs: () => number; readonly stage: Stage };
type Run = (event: unknown, attempt: string) => Promise<unknown>;

/**
 * The real handlers over the real adapters, composed as each `index.ts` composes them. Whatever another process can see goes
 * through `ask`; the rest (secret, cipher, customer, proof of a webhook) always succeeds and has no moment of its own.
 */
export const FUNCTIONS: Readonly<Record<FunctionName, (world: World) => Run>> = {
  'validate-payout': ({ stage, nowMs }) =>
    createValidatePayout({
      memos: { remember: async () => Promise.reject(new Error('Only requests with a key are explored.')) },
      metrics: silent,
      newReference: () => '',
      nowMs,
      amountMaxCents: stage.amountMaxCents,
    }),
  'decrypt-destination': () =>
    createDecryptDestination({
      customers: { read: async () => CUSTOMER, put: async () => {} },
      cipher,
      metrics: silent,
    }),
  'submit-payment': (world) =>
    createSubmitPayment({
      ...settlingOver(world),
      cipher,
      monoova: monoovaOver(world),
      nowMs: world.nowMs,
      policy: policyOf(world.stage),
      postTimeoutMs: world.stage.timers.postMs,
    }),
  'check-settlement': (world) =>
    createCheckSettlement({
      ...settlingOver(world),
      monoova: monoovaOver(world),
      nowMs: world.nowMs,
      policy: policyOf(world.stage),
    }),
  'receive-webhook': (world) => {
    const receive = createReceiveWebhook({
      ...settlingOver(world),
      prove: async () => ({ isProven: true }),
      once: (_key, _context, run) => run(),
      deadLetters: { put: async () => {} },
      nowMs: world.nowMs,
      wait: async () => {},
    });
    return (event) => receive(event, aContext());
  },
};

const CUSTOMER = {
  customer_id: CUSTOMER_ID,
  payout_destinations: [{ id: 'dst-1', type: 'PayId', ciphertext: 'Y2lwaGVy', masked: 'ja••••' }],
} as const;

const cipher = { encrypt: async () => 'Y2lwaGVy', decrypt: async () => DESTINATION };

function settlingOver({ ask }: World) {
  return {
    store: createPayoutStore(documentClientOver(ask), TRANSACTIONS),
    tokens: createTaskTokens(taskTokenClientOver(ask)),
    metrics: silent,
    log: silent,
  };
}

function monoovaOver({ ask, nowMs, stage }: World) {
  return createMonoova({
    readApiKey: async () => ({ apiKey: 'key', environment: 'sandbox', baseUrl: 'https://monoova.invalid' }),
    exchange: exchangeOver(ask),
    nowMs,
    remitter: { name: stage.monoova.remitterName, mAccountToken: stage.monoova.mAccountToken },
    postTimeoutMs: stage.timers.postMs,
    lookupTimeoutMs: stage.timers.lookUpMs,
  });
}

function policyOf(stage: Stage) {
  return { mode: stage.resubmission, quietPeriodMs: stage.quietPeriodMs };
}
