import { at, type Path } from './path.ts';
import type { Item, StoredValue } from './stored-value.ts';

/** @param item empty where there is none */
export type Condition = (item: Item, values: Item) => boolean;

/** A path, a value's placeholder, or a function. */
export type Operand = (item: Item, values: Item) => StoredValue | undefined;

/** As dynalite's parser gives it. An argument is a path, the attribute value of a placeholder, or another node. */
type Node = { readonly type: string; readonly name?: string; readonly args: readonly unknown[] };

const COMPARISONS: Readonly<Record<string, (one: StoredValue, other: StoredValue) => boolean>> = {
  '=': isEqual,
  '<': (one, other) => (orderOf(one, other) ?? 0) < 0,
  '<=': (one, other) => (orderOf(one, other) ?? 1) <= 0,
  '>': (one, other) => (orderOf(one, other) ?? 0) > 0,
  '>=': (one, other) => (orderOf(one, other) ?? -1) >= 0,
};

export function compileCondition(tree: object, placeholders: ReadonlyMap<unknown, string>): Condition {
  const node = tree as Node;
  const conditions = () => node.args.map((arg) => compileCondition(arg as object, placeholders));
  switch (node.type) {
    case 'and': {
      const parts = conditions();
      return (item, values) => parts.every((part) => part(item, values));
    }
    case 'or': {
      const parts = conditions();
      return (item, values) => parts.some((part) => part(item, values));
    }
    case 'not': {
      const [part] = conditions();
      return (item, values) => !part?.(item, values);
    }
    default:
      return compileComparison(node, placeholders);
  }
}

function compileComparison({ type, name, args }: Node, placeholders: ReadonlyMap<unknown, string>): Condition {
  const [one, other, third] = args.map((arg) => compileOperand(arg, placeholders));
  if (!one) throw new Error(`The condition ${type} has no operand`);
  const given = (item: Item, values: Item) => other?.(item, values);
  switch (name ?? type) {
    case 'attribute_exists':
      return (item, values) => one(item, values) !== undefined;
    case 'attribute_not_exists':
      return (item, values) => one(item, values) === undefined;
    case 'begins_with':
      return (item, values) => textOr(one(item, values), '').startsWith(textOr(given(item, values), '\uFFFF'));
    case 'contains':
      return (item, values) => contains(one(item, values), given(item, values));
    case '<>':
      return (item, values) => !isEqual(one(item, values), given(item, values));
    case 'in': {
      const others = args.slice(1).map((arg) => compileOperand(arg, placeholders));
      return (item, values) => others.some((candidate) => isKnownEqual(one(item, values), candidate(item, values)));
    }
    case 'between':
      return (item, values) =>
        compare('>=', one(item, values), given(item, values)) &&
        compare('<=', one(item, values), third?.(item, values));
    default:
      if (!COMPARISONS[type]) throw new Error(`The simulation evaluates no ${name ?? type}`);
      return (item, values) => compare(type, one(item, values), given(item, values));
  }
}

export function compileOperand(arg: unknown, placeholders: ReadonlyMap<unknown, string>): Operand {
  const placeholder = placeholders.get(arg);
  if (placeholder !== undefined) return (_item, values) => values[placeholder];
  if (Array.isArray(arg)) {
    const [name] = arg as unknown as Path;
    if (arg.length === 1 && typeof name === 'string') return (item) => item[name];
    return (item) => at(item, arg as unknown as Path);
  }
  const { name, args } = arg as Node;
  if (name !== 'size') throw new Error(`The simulation evaluates no ${name}`);
  const measured = compileOperand(args[0], placeholders);
  return (item, values) => sizeOf(measured(item, values));
}

function compare(type: string, one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  return one !== undefined && other !== undefined && COMPARISONS[type]?.(one, other) === true;
}

function isKnownEqual(one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  return one !== undefined && isEqual(one, other);
}

function isEqual(one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Negative, zero or positive; undefined where there is no order: only texts and numbers have one, each among themselves. */
function orderOf(one: StoredValue, other: StoredValue): number | undefined {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== 'string' || typeof other !== 'string') return undefined;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function contains(whole: StoredValue | undefined, part: StoredValue | undefined): boolean {
  if (Array.isArray(whole)) return whole.some((member) => isKnownEqual(member, part));
  return typeof whole === 'string' && typeof part === 'string' && whole.includes(part);
}

function textOr(value: StoredValue | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function sizeOf(value: StoredValue | undefined): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}
