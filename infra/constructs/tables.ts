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
import { Backups } from './backups.ts';
import { useOfKeyThrough } from './key-use.ts';

export type TablesProps = { readonly stage: Stage; readonly names: Names; readonly key: IKey };

const CUSTOMER_INDEX = 'CustomerIndex';
const DAY_INDEX = 'DayIndex';
const OPEN_INDEX = 'OpenPayoutsIndex';

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

const text = (name: string) => ({ name, type: AttributeType.STRING });

type Fuse = { readonly maxReadRequestUnits: number; readonly maxWriteRequestUnits: number };

/**
 * On demand grows with whatever comes, and so does its price: above this many units a second a table throttles, which everything here
 * answers with a retry. An index has the same, since an index that throttles holds up the writes of its table.
 */
function fuseOf({ tableUnitsPerSecond }: Stage): Fuse {
  return { maxReadRequestUnits: tableUnitsPerSecond, maxWriteRequestUnits: tableUnitsPerSecond };
}

/** The four tables. Every guarantee is one item and one condition, so nothing spans them. */
export class Tables extends Construct {
  /** One item a payout, by `transaction_id`. */
  readonly transactions: Table;
  /** One item a customer, with ciphertext and mask of each destination. */
  readonly customers: Table;
  /** The control item, which stays, and memos of requests without a key, which expire. */
  readonly controls: Table;
  /** Powertools' memory of webhooks; entries expire. */
  readonly idempotency: Table;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { stage, names, key }: TablesProps) {
    super(scope, id);
    this.#key = key;
    const fuse = fuseOf(stage);
    const common = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      ...fuse,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
      deletionProtection: stage.removal === 'retain',
      removalPolicy: removalPolicyOf(stage),
    };
    const tableOf = (constructId: string, props: TableProps) => new Table(this, constructId, { ...common, ...props });
    const index = (indexName: string, partitionKey: string, sortKey?: string) =>
      this.#index(indexName, fuse, partitionKey, sortKey);

    this.transactions = tableOf('Transactions', {
      tableName: names.table('transactions'),
      partitionKey: text('transaction_id'),
    });
    index('UniqueReferenceIndex', 'uniqueReference');
    index(CUSTOMER_INDEX, 'customer_id', 'created_at');
    // Reconciliation reads a day of Monoova's books against the payouts of that day.
    index(DAY_INDEX, 'created_day', 'created_at');
    // Sparse: a payout carries `open` only until its outcome is known.
    index(OPEN_INDEX, 'open', 'created_at');

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
    this.#backUp(stage, key);
  }

  /** What is older than the points in time of 35 days. Controls and webhooks' memory expire within days, and nobody needs old ones. */
  #backUp(stage: Stage, key: IKey): void {
    const records = [this.transactions, this.customers];
    if (stage.backupYears > 0) new Backups(this, 'Backups', { years: stage.backupYears, tables: records, key });
    const others = stage.backupYears > 0 ? [] : records;
    for (const table of others) acknowledgeNoBackup(table, 'testData');
    for (const table of [this.controls, this.idempotency]) acknowledgeNoBackup(table, 'expires');
  }

  #index(indexName: string, fuse: Fuse, partitionKey: string, sortKey?: string): void {
    this.transactions.addGlobalSecondaryIndex({
      indexName,
      ...fuse,
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
    return this.#query(CUSTOMER_INDEX);
  }

  /** Lets a role go through all payouts: those that are open, and those of a day. */
  sweep(): PolicyStatement {
    return this.#query(OPEN_INDEX, DAY_INDEX);
  }

  /** Lets a role go through the payouts that are open. */
  sweepOpen(): PolicyStatement {
    return this.#query(OPEN_INDEX);
  }

  #query(...indexes: readonly string[]): PolicyStatement {
    const resources = indexes.map((index) => `${this.transactions.tableArn}/index/${index}`);
    return new PolicyStatement({ actions: ['dynamodb:Query'], resources });
  }
}

const NO_BACKUP = {
  expires:
    'Its items expire within days by design, and a restored old one would be wrong (a pause that is over, a webhook that came). Points in time of ' +
    '35 days cover a mistake.',
  testData:
    'This stage holds test payouts and no money moved by them. Points in time of 35 days cover a mistake; production is backed up each month and kept ' +
    'for years.',
} as const;

function acknowledgeNoBackup(table: Table, why: keyof typeof NO_BACKUP): void {
  Validations.of(table).acknowledge({ id: 'NIST.800.53.R5-DynamoDBInBackupPlan', reason: NO_BACKUP[why] });
}
