import { AwsError, unknownAction } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import { compileExpressions, type ExpressionTexts } from './expressions.ts';
import { project } from './path.ts';
import type { Item } from './stored-value.ts';
import { Table, type TableShape } from './table.ts';

/** A request in stored values instead of attribute values. */
export type Request = ExpressionTexts & {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly ScanIndexForward?: boolean;
  readonly ExclusiveStartKey?: Item;
  /** Of BatchGetItem, by table. */
  readonly RequestItems?: Readonly<Record<string, ExpressionTexts & { readonly Keys: readonly Item[] }>>;
};

/** An answer in stored values. */
export type Answer = {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Attributes?: Item;
  readonly LastEvaluatedKey?: Item;
  readonly Count?: number;
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
};

/** Called with every change, before anybody can see it. */
export type OnWrite = (tableName: string, before: Item | undefined, after: Item | undefined) => void;

export type DatabaseDeps = {
  readonly shapes: readonly TableShape[];
  readonly nowMs: () => number;
  readonly onWrite: OnWrite;
  /** How far an index lags behind its table at the moment, in milliseconds. */
  readonly indexLagMs: () => number;
};

const NOTHING: Item = {};

/**
 * DynamoDB in memory, as far as this system uses it: one item, one condition, whole attributes. Each call is done at once, so
 * whoever calls decides when. test/simulation/database.test.ts holds it to the local DynamoDB.
 */
export class Database {
  readonly #deps: DatabaseDeps;
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(deps: DatabaseDeps) {
    this.#deps = deps;
    this.#tables = new Map(deps.shapes.map((shape) => [shape.name, new Table(shape)]));
  }

  /** @throws {AwsError} as DynamoDB would refuse; a failed condition carries `Item` where that was asked for */
  call(action: string, request: Request): Answer {
    switch (action) {
      case 'GetItem':
        return this.#get(request);
      case 'PutItem':
        return this.#put(request);
      case 'UpdateItem':
        return this.#update(request);
      case 'DeleteItem':
        return this.#delete(request);
      case 'BatchGetItem':
        return this.#batch(request);
      case 'Query':
      case 'Scan':
        return this.#list(request);
      default:
        throw unknownAction('dynamodb', action);
    }
  }

  /** By its name or ARN. @throws {AwsError} ResourceNotFoundException */
  table(nameOrArn: string): Table {
    const found = this.#tables.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${nameOrArn} not found`);
  }

  #get(request: Request): Answer {
    const table = this.table(request.TableName);
    const { ProjectionExpression, ExpressionAttributeNames } = request;
    const isWhole = ProjectionExpression === undefined && ExpressionAttributeNames === undefined;
    const projection = isWhole ? undefined : compileExpressions(request, NOTHING).projection;
    const found = table.read(keyIn(table, request.Key));
    if (!found) return {};
    return { Item: projection ? project(found, projection) : found };
  }

  #put(request: Request): Answer {
    const { Item: item = NOTHING } = request;
    const table = this.table(request.TableName);
    return this.#write(table, keyIn(table, item), request, () => item);
  }

  #update(request: Request): Answer {
    const { Key: key = NOTHING, ExpressionAttributeValues: values = NOTHING } = request;
    const table = this.table(request.TableName);
    const { update } = compileExpressions(request, values);
    return this.#write(table, keyIn(table, key), request, (before) => {
      const after = update ? update(before ?? key, values) : { ...(before ?? key) };
      if (after[table.shape.hash] === key[table.shape.hash]) return after;
      throw new AwsError('ValidationException', 'Cannot update an attribute that is part of the key');
    });
  }

  #delete(request: Request): Answer {
    const table = this.table(request.TableName);
    return this.#write(table, keyIn(table, request.Key), request, () => undefined);
  }

  #write(table: Table, key: string, request: Request, next: (before: Item | undefined) => Item | undefined): Answer {
    const { ExpressionAttributeValues: values = NOTHING, ReturnValues } = request;
    const { condition } = compileExpressions(request, values);
    const before = table.read(key);
    if (condition && !condition(before ?? NOTHING, values)) throw conditionFailed(request, before);
    const after = next(before);
    this.#deps.onWrite(table.shape.name, before, after);
    table.write(key, after, this.#deps.nowMs());
    if (ReturnValues === 'ALL_OLD' && before) return { Attributes: before };
    return ReturnValues === 'ALL_NEW' && after ? { Attributes: after } : {};
  }

  #list(request: Request): Answer {
    const table = this.table(request.TableName);
    const { ExpressionAttributeValues: values = NOTHING, IndexName, Limit, ExclusiveStartKey: startKey } = request;
    const { keyCondition, filter, projection } = compileExpressions(request, values);
    const index = IndexName === undefined ? undefined : table.shape.indexes.get(IndexName);
    if (IndexName !== undefined && !index) {
      throw new AwsError('ValidationException', `The table does not have the specified index: ${IndexName}`);
    }
    const atMs = this.#deps.nowMs() - (index ? this.#deps.indexLagMs() : 0);
    const found = table
      .itemsAt(atMs)
      .filter((item) => !index || (item[index.hash] !== undefined && (!index.range || item[index.range] !== undefined)))
      .filter((item) => !keyCondition || keyCondition(item, values));
    const { hash } = table.shape;
    const order = orderBy(index?.range ?? hash, hash, request.ScanIndexForward !== false);
    // Where an index has moved on, the item of the key may not be there any more: what comes after it still is.
    const sorted = found.filter((item) => !startKey || order(item, startKey) > 0).sort(order);
    const page = sorted.slice(0, Limit);
    const last = page.at(-1);
    const kept = filter ? page.filter((item) => filter(item, values)) : page;
    const seen = kept.map((item) => (index ? shownBy(index, hash, item) : item));
    const Items = projection ? seen.map((item) => project(item, projection)) : seen;
    // As on AWS, a page that is full may be the last one all the same.
    if (last === undefined || page.length !== Limit) return { Items, Count: Items.length };
    const names = [hash, ...(index ? [index.hash, ...(index.range ? [index.range] : [])] : [])];
    const LastEvaluatedKey = Object.fromEntries(names.map((name) => [name, last[name] ?? null]));
    return { Items, Count: Items.length, LastEvaluatedKey };
  }

  #batch({ RequestItems = {} }: Request): Answer {
    const tables = Object.entries(RequestItems).map(([TableName, { Keys, ...texts }]): [string, Item[]] => {
      const found = Keys.map((Key) => this.#get({ ...texts, TableName, Key }).Item).filter(
        (item) => item !== undefined,
      );
      return [TableName, found];
    });
    return { Responses: Object.fromEntries(tables) };
  }
}

function keyIn({ shape }: Table, item: Item | undefined): string {
  const key = item?.[shape.hash];
  if (typeof key === 'string' && key !== '') return key;
  throw new AwsError('ValidationException', `The provided key element does not match the schema: ${shape.hash}`);
}

function conditionFailed({ ReturnValuesOnConditionCheckFailure: wanted }: Request, before: Item | undefined): AwsError {
  const fields: JsonObject = wanted === 'ALL_OLD' && before ? { Item: before } : {};
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { fields });
}

/** By one attribute, and by the table's key where that is the same. */
function orderBy(name: string, key: string, isForward: boolean): (one: Item, other: Item) => number {
  const sign = isForward ? 1 : -1;
  const compare = (one: Item, other: Item, by: string) => {
    const [first, second] = [String(one[by]), String(other[by])];
    if (first === second) return 0;
    return first < second ? -sign : sign;
  };
  return (one, other) => compare(one, other, name) || compare(one, other, key);
}

function shownBy({ shows, hash, range }: Index, key: string, item: Item): Item {
  if (!shows) return item;
  const names = [key, hash, ...(range ? [range] : []), ...shows];
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

type Index = NonNullable<ReturnType<TableShape['indexes']['get']>>;
