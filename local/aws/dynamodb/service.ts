import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { AwsError, type WireRequest, type WireService } from '../wire.ts';
import { DynaliteStore } from './store.ts';
import { TimeToLive } from './time-to-live.ts';

const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'BatchWriteItem']);
const STATUS_TURNS_MAX = 10_000;

export type TableDefinition = {
  /** The input of CreateTable. */
  readonly table: JsonObject & { readonly TableName: string };
  readonly timeToLiveAttribute?: string;
};

/**
 * DynamoDB by dynalite, in memory, with what dynalite lacks: expiry by the clock, and the item of a failed condition. A call
 * takes some fifty microseconds, and neither a timer nor a turn of the event loop.
 */
export class DynamoDbService implements WireService {
  readonly signingNames = ['dynamodb'];
  readonly #clock: Clock;
  readonly #kept: KeptMap | undefined;
  readonly #store = new DynaliteStore();
  readonly #timesToLive = new Map<string, TimeToLive>();

  constructor(deps: { clock: Clock; kept?: KeptMap | undefined }) {
    this.#clock = deps.clock;
    this.#kept = deps.kept;
  }

  handle({ action, input }: WireRequest): Promise<JsonObject> {
    return this.call(action, input);
  }

  /** @throws {AwsError} as DynamoDB would refuse; actions that dynalite lacks, such as TransactWriteItems, by name */
  async call(action: string, request: JsonObject): Promise<JsonObject> {
    const input = withTableName(request);
    if (action === 'DescribeTimeToLive') return this.#describeTimeToLive(input);
    try {
      const output = await this.#store.run(action, input);
      if (WRITES.has(action)) this.#noteWrite(input);
      return output;
    } catch (error) {
      throw await this.#withItem(error, input);
    }
  }

  /** Resolves when the table is active, with the items that were kept of it. @throws {AwsError} ResourceInUseException when the name is taken */
  async createTable(definition: TableDefinition): Promise<void> {
    const { table, timeToLiveAttribute } = definition;
    await this.#store.run('CreateTable', table);
    await this.#untilActive(table.TableName);
    await this.#keepItems(table.TableName);
    if (timeToLiveAttribute === undefined) return;
    const keys = (table['KeySchema'] as { AttributeName: string }[]).map((key) => key.AttributeName);
    const run = (action: string, input: JsonObject) => this.#store.run(action, input);
    const deps = { clock: this.#clock, run, tableName: table.TableName, attribute: timeToLiveAttribute, keys };
    const timeToLive = new TimeToLive(deps);
    this.#timesToLive.set(table.TableName, timeToLive);
    // Kept items may have expired meanwhile.
    if (this.#kept) timeToLive.written();
  }

  /** Resolves when sweeps of expired items that are under way have ended. */
  async settled(): Promise<void> {
    for (const timeToLive of this.#timesToLive.values()) await timeToLive.settled();
  }

  async close(): Promise<void> {
    for (const timeToLive of this.#timesToLive.values()) timeToLive.stop();
    await this.settled();
    await this.#store.close();
  }

  /** Whole items are kept, so a kill leaves each as it was before a write or after it, with its indexes alike. */
  async #keepItems(TableName: string): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    const prefix = `${TableName}/`;
    for (const [key, item] of kept.entries()) {
      if (key.startsWith(prefix)) await this.#store.run('PutItem', { TableName, Item: item });
    }
    this.#store.observe(TableName, (key, item) => kept.write([item ? [prefix + key, item] : [prefix + key]]));
  }

  #noteWrite(input: JsonObject): void {
    const { TableName, RequestItems } = input;
    const names = typeof TableName === 'string' ? [TableName] : Object.keys(objectOr(RequestItems));
    for (const name of names) this.#timesToLive.get(name)?.written();
  }

  /**
   * dynalite ignores ReturnValuesOnConditionCheckFailure, from which Powertools idempotency reads the record it ran into.
   * The item is read right after the refusal: another write may have come between, as it may before a caller's own read.
   */
  async #withItem(error: unknown, input: JsonObject): Promise<unknown> {
    if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') return error;
    const { TableName, ReturnValuesOnConditionCheckFailure: wanted } = input;
    if (wanted !== 'ALL_OLD' || typeof TableName !== 'string') return error;
    const key = input['Key'] ?? (await this.#keyOf(TableName, objectOr(input['Item'])));
    const { Item } = await this.#store.run('GetItem', { TableName, Key: key, ConsistentRead: true });
    if (Item === undefined) return error;
    return new AwsError(error.code, error.message, { statusCode: error.statusCode, fields: { Item }, cause: error });
  }

  async #keyOf(TableName: string, item: JsonObject): Promise<JsonObject> {
    const { Table } = await this.#store.run('DescribeTable', { TableName });
    const schema = objectOr(Table)['KeySchema'] as { AttributeName: string }[];
    return Object.fromEntries(schema.map(({ AttributeName: name }) => [name, item[name] ?? null]));
  }

  #describeTimeToLive(input: JsonObject): JsonObject {
    const { TableName: name } = input;
    const attribute = typeof name === 'string' ? this.#timesToLive.get(name)?.attribute : undefined;
    const description: JsonObject =
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
    return { TimeToLiveDescription: description };
  }

  /** dynalite makes a table active on a timer of its own, even when that timer is zero. */
  async #untilActive(TableName: string): Promise<void> {
    for (let turn = 0; turn < STATUS_TURNS_MAX; turn++) {
      const { Table } = await this.#store.run('DescribeTable', { TableName });
      if (objectOr(Table)['TableStatus'] === 'ACTIVE') return;
      await new Promise(setImmediate);
    }
    throw new Error(`the table ${TableName} did not become active`);
  }
}

function objectOr(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** AWS takes a table's ARN for its name; dynalite does not. */
function withTableName(input: JsonObject): JsonObject {
  const { TableName: name } = input;
  if (typeof name !== 'string' || !name.startsWith('arn:')) return input;
  return { ...input, TableName: name.slice(name.lastIndexOf('/') + 1) };
}
