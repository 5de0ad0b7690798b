import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { environmentSchema as checkSettlementSchema } from '../../functions/check-settlement/environment.ts';
import type { environmentSchema as decryptDestinationSchema } from '../../functions/decrypt-destination/environment.ts';
import type { environmentSchema as readPayoutsSchema } from '../../functions/read-payouts/environment.ts';
import type { environmentSchema as receiveWebhookSchema } from '../../functions/receive-webhook/environment.ts';
import type { environmentSchema as reconcileSchema } from '../../functions/reconcile/environment.ts';
import type { environmentSchema as retryWebhookSchema } from '../../functions/retry-webhook/environment.ts';
import type { environmentSchema as submitPaymentSchema } from '../../functions/submit-payment/environment.ts';
import type { environmentSchema as validatePayoutSchema } from '../../functions/validate-payout/environment.ts';
import type { environmentSchema as watchPayoutsSchema } from '../../functions/watch-payouts/environment.ts';
import { corsHeaders } from '../api/cors.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { Keys } from './keys.ts';
import { LIVE } from './payout-function.ts';
import type { Secrets } from './secrets.ts';
import type { Tables } from './tables.ts';
import { RECEIVES_MAX, RETRY_TIMEOUT_SECONDS, type WebhookQueue } from './webhook-queue.ts';

/** What functions are told of and may be allowed to use. */
export type Surroundings = {
  readonly stage: Stage;
  readonly names: Names;
  readonly keys: Keys;
  readonly tables: Tables;
  readonly secrets: Secrets;
  readonly webhooks: WebhookQueue;
};

/** The variables that a function's own schema reads: a missing one does not compile, and a stray one fails a test. */
export type EnvironmentOf<Schema extends z.ZodType> = { readonly [Name in keyof z.input<Schema>]: string };

type FunctionSpec<Schema extends z.ZodType> = {
  readonly environment: EnvironmentOf<Schema>;
  readonly timeoutSeconds: number;
  readonly statements: readonly PolicyStatement[];
  readonly whyNoDeadLetters?: string;
};

/** Of every function: what it is told, how long it may take, and all that it may do. */
export function functionSpecs(scope: Construct, around: Surroundings) {
  return {
    ValidatePayout: validatePayout(around),
    DecryptDestination: decryptDestination(around),
    SubmitPayment: submitPayment(scope, around),
    CheckSettlement: checkSettlement(scope, around),
    ReceiveWebhook: receiveWebhook(scope, around),
    RetryWebhook: retryWebhook(scope, around),
    ReadPayouts: readPayouts(around),
    Reconcile: reconcile(scope, around),
    WatchPayouts: watchPayouts(around),
  };
}

function validatePayout(around: Surroundings): FunctionSpec<typeof validatePayoutSchema> {
  const { stage, tables } = around;
  return {
    environment: {
      ...transactionsVariables(around),
      CONTROLS_TABLE_NAME: tables.controls.tableName,
      AMOUNT_MAX_CENTS: String(stage.amountMaxCents),
      KEYLESS_WINDOW_SECONDS: String(stage.keylessWindowSeconds),
    },
    timeoutSeconds: 5,
    statements: [
      ...tables.access(tables.controls, 'dynamodb:GetItem', 'dynamodb:PutItem'),
      ...tables.access(tables.transactions, 'dynamodb:GetItem'),
    ],
  };
}

function decryptDestination({ stage, tables, keys }: Surroundings): FunctionSpec<typeof decryptDestinationSchema> {
  return {
    environment: {
      STAGE: stage.name,
      CUSTOMERS_TABLE_NAME: tables.customers.tableName,
      DESTINATIONS_KEY_ARN: keys.destinations.keyArn,
    },
    timeoutSeconds: 5,
    statements: [...tables.access(tables.customers, 'dynamodb:GetItem'), decryption(keys)],
  };
}

function submitPayment(scope: Construct, around: Surroundings): FunctionSpec<typeof submitPaymentSchema> {
  const { stage, keys, secrets } = around;
  return {
    environment: {
      ...transactionsVariables(around),
      ...monoovaVariables(around),
      ...resubmissionVariables(around),
      ...controlsVariables(around),
      DESTINATIONS_KEY_ARN: keys.destinations.keyArn,
      REMITTER_NAME: stage.monoova.remitterName,
      MACCOUNT_TOKEN: stage.monoova.mAccountToken,
    },
    timeoutSeconds: stage.timers.submitPaymentMs / 1000,
    statements: [
      ...settling(scope, around),
      ...controlling(around),
      decryption(keys),
      ...secrets.access(secrets.apiKey),
    ],
  };
}

function checkSettlement(scope: Construct, around: Surroundings): FunctionSpec<typeof checkSettlementSchema> {
  const { secrets } = around;
  return {
    environment: {
      ...transactionsVariables(around),
      ...monoovaVariables(around),
      ...resubmissionVariables(around),
      ...controlsVariables(around),
      SETTLEMENT_STATE_MACHINE_ARN: guardOf(scope, around),
    },
    timeoutSeconds: 15,
    statements: [
      ...settling(scope, around),
      ...controlling(around),
      startingGuards(scope, around),
      ...secrets.access(secrets.apiKey),
    ],
  };
}

function receiveWebhook(scope: Construct, around: Surroundings): FunctionSpec<typeof receiveWebhookSchema> {
  const { stage, tables, secrets, webhooks } = around;
  const remembering = tables.access(
    tables.idempotency,
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
  );
  return {
    environment: {
      ...transactionsVariables(around),
      IDEMPOTENCY_TABLE_NAME: tables.idempotency.tableName,
      WEBHOOK_SECRET_ARN: secrets.webhook.secretArn,
      WEBHOOK_RETRY_QUEUE_URL: webhooks.retry.queueUrl,
      WEBHOOK_PROOF: stage.webhookProof,
      MONOOVA_BASE_URL: stage.monoova.baseUrl,
      MONOOVA_HOSTS: stage.monoova.hosts.join(','),
    },
    timeoutSeconds: 10,
    statements: [...settling(scope, around), ...remembering, ...secrets.access(secrets.webhook), ...webhooks.sending()],
  };
}

function retryWebhook(scope: Construct, around: Surroundings): FunctionSpec<typeof retryWebhookSchema> {
  const { webhooks } = around;
  return {
    environment: {
      ...transactionsVariables(around),
      WEBHOOK_RETRY_QUEUE_URL: webhooks.retry.queueUrl,
      RECEIVES_MAX: String(RECEIVES_MAX),
    },
    timeoutSeconds: RETRY_TIMEOUT_SECONDS,
    statements: [...settling(scope, around), ...webhooks.consuming()],
  };
}

function readPayouts(around: Surroundings): FunctionSpec<typeof readPayoutsSchema> {
  const { stage, tables } = around;
  return {
    environment: { ...transactionsVariables(around), ANSWER_HEADERS: JSON.stringify(corsHeaders(stage)) },
    timeoutSeconds: 10,
    statements: [...tables.access(tables.transactions, 'dynamodb:GetItem'), tables.queryByCustomer()],
  };
}

/** Two lists of Monoova's (8 s each), three look-ups (2.5 s each) and what they lead to. */
export const RECONCILE_SECONDS = 29;

function reconcile(scope: Construct, around: Surroundings): FunctionSpec<typeof reconcileSchema> {
  const { stage, tables, secrets } = around;
  const { settlementWaitsSeconds, submitPaymentMs } = stage.timers;
  // Until the guard has looked for the first time, and what it submits has ended, nobody is late.
  const youngMs = (settlementWaitsSeconds[0] ?? 0) * 1000 + submitPaymentMs;
  return {
    environment: {
      ...transactionsVariables(around),
      ...monoovaVariables(around),
      ...controlsVariables(around),
      SETTLEMENT_STATE_MACHINE_ARN: guardOf(scope, around),
      YOUNG_MS: String(youngMs),
    },
    timeoutSeconds: RECONCILE_SECONDS,
    statements: [
      ...settling(scope, around),
      ...tables.access(tables.transactions, 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
      tables.sweep(),
      ...controlling(around),
      startingGuards(scope, around),
      ...secrets.access(secrets.apiKey),
    ],
  };
}

const THE_NEXT_WATCH_MAKES_UP =
  'A schedule calls it every quarter of an hour and carries nothing in its event. One call that failed is made up for by the next, and an alarm ' +
  'goes off where two in a row have measured nothing.';

function watchPayouts(around: Surroundings): FunctionSpec<typeof watchPayoutsSchema> {
  const { stage, tables, secrets } = around;
  return {
    environment: {
      ...transactionsVariables(around),
      ...monoovaVariables(around),
      ...controlsVariables(around),
      MACCOUNT_TOKEN: stage.monoova.mAccountToken,
    },
    timeoutSeconds: 15,
    statements: [tables.sweepOpen(), ...controlling(around), ...secrets.access(secrets.apiKey)],
    whyNoDeadLetters: THE_NEXT_WATCH_MAKES_UP,
  };
}

function transactionsVariables({ stage, tables }: Surroundings) {
  return { STAGE: stage.name, TRANSACTIONS_TABLE_NAME: tables.transactions.tableName };
}

function monoovaVariables({ stage, secrets }: Surroundings) {
  return {
    MONOOVA_SECRET_ARN: secrets.apiKey.secretArn,
    MONOOVA_ENVIRONMENT: stage.monoova.environment,
    MONOOVA_HOSTS: stage.monoova.hosts.join(','),
    MONOOVA_POST_TIMEOUT_MS: String(stage.timers.postMs),
    MONOOVA_LOOKUP_TIMEOUT_MS: String(stage.timers.lookUpMs),
  };
}

function resubmissionVariables({ stage }: Surroundings) {
  return {
    RESUBMISSION_MODE: stage.resubmission,
    QUIET_PERIOD_MS: String(stage.quietPeriodMs),
  };
}

function controlsVariables({ stage, tables }: Surroundings) {
  return {
    CONTROLS_TABLE_NAME: tables.controls.tableName,
    BREAKER_FAILURES_TO_OPEN: String(stage.breaker.failuresToOpen),
    BREAKER_COOLDOWN_MS: String(stage.breaker.cooldownSeconds * 1000),
    BREAKER_COOLDOWN_MAX_MS: String(stage.breaker.cooldownMaxSeconds * 1000),
  };
}

/** Reading the control item, and writing what a call has taught. */
function controlling({ tables }: Surroundings): PolicyStatement[] {
  return tables.access(tables.controls, 'dynamodb:GetItem', 'dynamodb:PutItem');
}

/**
 * Decrypting a destination needs both ids in the encryption context. Which ids, only the function can know, so it compares them
 * itself after decrypting.
 */
function decryption({ destinations }: Keys): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [destinations.keyArn],
    conditions: {
      Null: { 'kms:EncryptionContext:customer_id': 'false', 'kms:EncryptionContext:destination_id': 'false' },
    },
  });
}

/** Writing a fact and ringing the guard's doorbell. */
function settling(scope: Construct, around: Surroundings): PolicyStatement[] {
  const { tables } = around;
  return [
    ...tables.access(tables.transactions, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [settlementMachineArn(scope, around)] }),
  ];
}

/** The guards' machine by its alias, as the submission starts it. */
function guardOf(scope: Construct, around: Surroundings): string {
  return `${settlementMachineArn(scope, around)}:${LIVE}`;
}

function startingGuards(scope: Construct, around: Surroundings): PolicyStatement {
  return new PolicyStatement({
    actions: ['states:StartExecution'],
    resources: [settlementMachineArn(scope, around)],
  });
}

/** Spelt out: the machine itself needs these functions, and so comes after them. */
function settlementMachineArn(scope: Construct, { names }: Surroundings): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: names.settlementMachine,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
