import type { AttributeValue, Item } from './attribute-value.ts';
import { type Condition, holds, parseCondition } from './condition.ts';
import { nameOf, type Placeholders } from './operand.ts';
import { parseUpdate, updated } from './update.ts';

/** The members of a request about one item that are evaluated here. */
export type ItemRequest = {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly ReturnValues?: string;
};

export const ITEM_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;
export type ItemAction = (typeof ITEM_ACTIONS)[number];

export type ItemOutcome =
  | {
      readonly kind: 'done';
      /** Undefined where there is none afterwards. */
      readonly item: Item | undefined;
      readonly output: { readonly Item?: Item; readonly Attributes?: Item };
    }
  /** ConditionalCheckFailedException: nothing was changed. */
  | { readonly kind: 'refused' };

const conditions = new Map<string, Condition>();
const updates = new Map<string, ReturnType<typeof parseUpdate>>();

/**
 * What DynamoDB does with one item of one table. Pure: the item goes in and comes out.
 * @throws {ExpressionError} for an expression that it would not accept, or that is not evaluated here
 */
export function runOnItem(action: ItemAction, request: ItemRequest, item: Item | undefined): ItemOutcome {
  const placeholders = { names: request.ExpressionAttributeNames, values: request.ExpressionAttributeValues };
  const { ConditionExpression: condition } = request;
  if (condition !== undefined && !holds(remembered(conditions, condition, parseCondition), item ?? {}, placeholders)) {
    return { kind: 'refused' };
  }
  switch (action) {
    case 'GetItem':
      return { kind: 'done', item, output: item ? { Item: projected(item, request, placeholders) } : {} };
    case 'PutItem':
      return { kind: 'done', item: request.Item, output: returned(request, item, request.Item) };
    case 'DeleteItem':
      return { kind: 'done', item: undefined, output: returned(request, item, undefined) };
    case 'UpdateItem': {
      const update = remembered(updates, request.UpdateExpression ?? '', parseUpdate);
      const next = updated(update, { ...item, ...request.Key }, placeholders);
      return { kind: 'done', item: next, output: returned(request, item, next) };
    }
  }
}

function projected(item: Item, { ProjectionExpression: projection }: ItemRequest, placeholders: Placeholders): Item {
  if (projection === undefined) return item;
  const names = projection.split(',').map((token) => nameOf({ kind: 'name', token: token.trim() }, placeholders));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function returned({ ReturnValues: what }: ItemRequest, before: Item | undefined, after: Item | undefined) {
  const item = what === 'ALL_OLD' ? before : what === 'ALL_NEW' ? after : undefined;
  return item ? { Attributes: item } : {};
}

function remembered<Parsed>(known: Map<string, Parsed>, text: string, parse: (text: string) => Parsed): Parsed {
  const parsed = known.get(text) ?? parse(text);
  known.set(text, parsed);
  return parsed;
}
