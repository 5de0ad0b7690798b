import { Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';
import { useOfKeyThrough } from './key-use.ts';

export type TablesProps = { readonly stage: Stage; readonly names: Names; readonly key: IKey };

export const CUSTOMER_INDEX = 'CustomerIndex';

/** What a list shows of a payout. Never its ciphertext, its task token or its history: an index is one more place to read them from. */
const LISTED = [
  'customer_id',
  'status',
  'amount_cents',
  'currency',
  'payout_method',
  'description',
  'destination_masked',
  'has_key',
  'uniqueReference',
  'requested_by',
  'execution_arn',
  'created_at',
  'updated_at',
  'revision',
  'posts',
  'conflict',
  'returned_cents',
  'destination_id',
] as const;

/** The longest that DynamoDB keeps points in time. */
const RECOVERY_DAYS = 35;

const RESTORED_BY_THE_SECOND =
  'Points in time of 35 days are a finer backup than a plan of AWS Backup, and a deleted table leaves one behind. Nothing older is needed: ' +
  'whatever is older than the longest patience is final, and Monoova keeps the books of it.';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The four tables. Every guarantee is one item and one condition, so nothing spans them. */
export class Tables extends Construct {
  /** One item a payout, by `transaction_id`. */
  readonly transactions: Table;
  /** One item a customer, with ciphertext and mask of each destination. */
  readonly customers: Table;
  /** Pause, breaker and memos of requests without a key; entries expire. */
  readonly controls: Table;
  /** Powertools' memory of webhooks; entries expire. */
  readonly idempotency: Table;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { stage, names, key }: TablesProps) {
    super(scope, id);
    this.#key = key;
    const common = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
      deletionProtection: stage.removal === 'retain',
      removalPolicy: removalPolicyOf(stage),
    };
    const tableOf = (constructId: string, props: TableProps) => {
      const table = new Table(this, constructId, { ...common, ...props });
      Validations.of(table).acknowledge({ id: 'NIST.800.53.R5-DynamoDBInBackupPlan', reason: RESTORED_BY_THE_SECOND });
      return table;
    };

    this.transactions = tableOf('Transactions', {
      tableName: names.table('transactions'),
      partitionKey: text('transaction_id'),
    });
    this.#index('UniqueReferenceIndex', 'uniqueReference');
    this.#index(CUSTOMER_INDEX, 'customer_id', 'created_at');
    // Reconciliation reads a day of Monoova's books against the payouts of that day.
    this.#index('DayIndex', 'created_day', 'created_at');
    // Sparse: a payout carries `open` only until its outcome is known.
    this.#index('OpenPayoutsIndex', 'open', 'created_at');

    this.customers = tableOf('Customers', {
      tableName: names.table('customers'),
      partitionKey: text('customer_id'),
    });
    this.controls = tableOf('Controls', {
      tableName: names.table('controls'),
      partitionKey: text('id'),
      timeToLiveAttribute: 'expires_at',
    });
    this.idempotency = tableOf('Idempotency', {
      tableName: names.table('idempotency'),
      partitionKey: text('id'),
      timeToLiveAttribute: 'expiration',
    });
  }

  #index(indexName: string, partitionKey: string, sortKey?: string): void {
    this.transactions.addGlobalSecondaryIndex({
      indexName,
      partitionKey: text(partitionKey),
      ...(sortKey === undefined ? {} : { sortKey: text(sortKey) }),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: LISTED.filter((attribute) => attribute !== partitionKey && attribute !== sortKey),
    });
  }

  /** Lets a role do these things with the items of one table, and use the tables' key for it. */
  access(table: Table, ...actions: readonly `dynamodb:${string}`[]): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: [...actions], resources: [table.tableArn] }),
      useOfKeyThrough('dynamodb', this.#key),
    ];
  }

  /** Lets a role list a customer's payouts. */
  queryByCustomer(): PolicyStatement {
    const index = `${this.transactions.tableArn}/index/${CUSTOMER_INDEX}`;
    return new PolicyStatement({ actions: ['dynamodb:Query'], resources: [index] });
  }
}
