import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { environmentSchema as checkSettlementSchema } from '../../functions/check-settlement/environment.ts';
import type { environmentSchema as decryptDestinationSchema } from '../../functions/decrypt-destination/environment.ts';
import type { environmentSchema as readPayoutsSchema } from '../../functions/read-payouts/environment.ts';
import type { environmentSchema as receiveWebhookSchema } from '../../functions/receive-webhook/environment.ts';
import type { environmentSchema as submitPaymentSchema } from '../../functions/submit-payment/environment.ts';
import type { environmentSchema as validatePayoutSchema } from '../../functions/validate-payout/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '../function-names.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import { useOfKeyThrough } from './key-use.ts';
import type { Keys } from './keys.ts';
import { PayoutFunction } from './payout-function.ts';
import type { Secrets } from './secrets.ts';
import type { Tables } from './tables.ts';

export type PayoutFunctionsProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly keys: Keys;
  readonly tables: Tables;
  readonly secrets: Secrets;
  readonly webhookDeadLetterQueue: IQueue;
  readonly codeOf: (name: FunctionName) => Code;
};

/** Exactly the variables that a function's own schema reads: a missing or stray one does not compile. */
type EnvironmentOf<Schema extends z.ZodType> = { readonly [Name in keyof z.input<Schema>]: string };

type FunctionSpec<Schema extends z.ZodType> = {
  readonly environment: EnvironmentOf<Schema>;
  readonly timeoutSeconds: number;
  readonly statements: readonly PolicyStatement[];
};

type FunctionSpecs = {
  readonly ValidatePayout: FunctionSpec<typeof validatePayoutSchema>;
  readonly DecryptDestination: FunctionSpec<typeof decryptDestinationSchema>;
  readonly SubmitPayment: FunctionSpec<typeof submitPaymentSchema>;
  readonly CheckSettlement: FunctionSpec<typeof checkSettlementSchema>;
  readonly ReceiveWebhook: FunctionSpec<typeof receiveWebhookSchema>;
  readonly ReadPayouts: FunctionSpec<typeof readPayoutsSchema>;
};

/** Every function, from one record that says what each is told and what it may do. */
export class PayoutFunctions extends Construct {
  readonly #functions: Readonly<Record<FunctionName, PayoutFunction>>;

  constructor(scope: Construct, id: string, props: PayoutFunctionsProps) {
    super(scope, id);
    const { stage, names, keys, codeOf } = props;
    const specs = functionSpecs(this, props);
    const entries = FUNCTION_NAMES.map((name) => {
      const construct = new PayoutFunction(this, name, {
        stage,
        functionName: names.functionOf(name),
        logGroupName: names.logGroups.functionOf(name),
        logKey: keys.telemetry,
        code: codeOf(name),
        ...specs[name],
      });
      return [name, construct] as const;
    });
    this.#functions = Object.fromEntries(entries) as Record<FunctionName, PayoutFunction>;
  }

  lambda(name: FunctionName): LambdaFunction {
    return this.#functions[name].lambda;
  }

  /** For a machine that runs these functions: its placeholders, `${SubmitPaymentFunctionArn}` and so on. */
  substitutions(...names: readonly FunctionName[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [`${name}FunctionArn`, this.lambda(name).functionArn]));
  }

  /** For a machine that runs these functions: the permission to invoke them, and no others. */
  invocation(...names: readonly FunctionName[]): PolicyStatement {
    const resources = names.map((name) => this.lambda(name).functionArn);
    return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources });
  }
}

function functionSpecs(scope: Construct, props: PayoutFunctionsProps): FunctionSpecs {
  const { stage, names, keys, tables, secrets, webhookDeadLetterQueue } = props;
  const stageVariables = { STAGE: stage.name };
  const transactionsVariables = { TRANSACTIONS_TABLE_NAME: tables.transactions.tableName };
  const monoovaHosts = { MONOOVA_HOSTS: stage.monoova.hosts.join(',') };
  const monoovaVariables = {
    ...monoovaHosts,
    MONOOVA_SECRET_ARN: secrets.apiKey.secretArn,
    MONOOVA_ENVIRONMENT: stage.monoova.environment,
    MONOOVA_POST_TIMEOUT_MS: String(stage.timers.postMs),
    MONOOVA_LOOKUP_TIMEOUT_MS: String(stage.timers.lookUpMs),
  };
  const resubmissionVariables = {
    RESUBMISSION_MODE: stage.resubmission,
    QUIET_PERIOD_MS: String(stage.quietPeriodMs),
  };
  const settle = [
    ...tables.access(tables.transactions, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    ringing(scope, names.settlementMachine),
  ];
  return {
    ValidatePayout: {
      environment: {
        ...stageVariables,
        CONTROLS_TABLE_NAME: tables.controls.tableName,
        AMOUNT_MAX_CENTS: String(stage.amountMaxCents),
        KEYLESS_WINDOW_SECONDS: String(stage.keylessWindowSeconds),
      },
      timeoutSeconds: 5,
      statements: tables.access(tables.controls, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    },
    DecryptDestination: {
      environment: {
        ...stageVariables,
        CUSTOMERS_TABLE_NAME: tables.customers.tableName,
        DESTINATIONS_KEY_ARN: keys.destinations.keyArn,
      },
      timeoutSeconds: 5,
      statements: [...tables.access(tables.customers, 'dynamodb:GetItem'), decryption(keys)],
    },
    SubmitPayment: {
      environment: {
        ...stageVariables,
        ...transactionsVariables,
        ...monoovaVariables,
        ...resubmissionVariables,
        DESTINATIONS_KEY_ARN: keys.destinations.keyArn,
        REMITTER_NAME: stage.monoova.remitterName,
        MACCOUNT_TOKEN: stage.monoova.mAccountToken,
      },
      timeoutSeconds: stage.timers.submitPaymentMs / 1000,
      statements: [...settle, decryption(keys), ...secrets.access(secrets.apiKey)],
    },
    CheckSettlement: {
      environment: {
        ...stageVariables,
        ...transactionsVariables,
        ...monoovaVariables,
        ...resubmissionVariables,
      },
      timeoutSeconds: 15,
      statements: [...settle, ...secrets.access(secrets.apiKey)],
    },
    ReceiveWebhook: {
      environment: {
        ...stageVariables,
        ...transactionsVariables,
        ...monoovaHosts,
        IDEMPOTENCY_TABLE_NAME: tables.idempotency.tableName,
        WEBHOOK_SECRET_ARN: secrets.webhook.secretArn,
        WEBHOOK_DEAD_LETTER_QUEUE_URL: webhookDeadLetterQueue.queueUrl,
        WEBHOOK_PROOF: stage.webhookProof,
        MONOOVA_BASE_URL: stage.monoova.baseUrl,
      },
      timeoutSeconds: 10,
      statements: [
        ...settle,
        ...tables.access(
          tables.idempotency,
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ),
        ...secrets.access(secrets.webhook),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [webhookDeadLetterQueue.queueArn] }),
        useOfKeyThrough('sqs', keys.data),
      ],
    },
    ReadPayouts: {
      environment: { ...stageVariables, ...transactionsVariables },
      timeoutSeconds: 10,
      statements: [...tables.access(tables.transactions, 'dynamodb:GetItem'), tables.queryByCustomer()],
    },
  };
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

/** Ringing a guard's doorbell. The ARN is spelt out: the machine itself needs these functions, and so comes after them. */
function ringing(scope: Construct, settlementMachine: string): PolicyStatement {
  const machineArn = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: settlementMachine,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [machineArn] });
}
