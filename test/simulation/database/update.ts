import { AwsError } from '../../../local/aws/wire.ts';
import { compileOperand, type Operand } from './condition.ts';
import { at, type Path } from './path.ts';
import type { Item, StoredValue } from './stored-value.ts';

/** A changed copy. @throws {AwsError} ValidationException where an operand is missing or of the wrong type */
export type Update = (item: Item, values: Item) => Item;

/** As dynalite's parser gives it. */
type Section = { readonly type: string; readonly path: Path; readonly val?: unknown };
type Node = { readonly type: string; readonly name?: string; readonly args: readonly unknown[] };

type Change = (next: Item, item: Item, values: Item) => void;

export function compileUpdate(sections: readonly object[], placeholders: ReadonlyMap<unknown, string>): Update {
  const changes = (sections as readonly Section[]).map((section) => compileSection(section, placeholders));
  return (item, values) => {
    const next = { ...item };
    // Every operand is of the item as it was.
    for (const change of changes) change(next, item, values);
    return next;
  };
}

function compileSection({ type, path, val }: Section, placeholders: ReadonlyMap<unknown, string>): Change {
  const [name] = path;
  if (path.length > 1 || typeof name !== 'string') throw new Error('The simulation updates whole attributes only');
  if (type === 'remove') {
    return (next) => {
      delete next[name];
    };
  }
  const value = compileValue(val, placeholders);
  if (type === 'set') {
    return (next, item, values) => {
      next[name] = present(value(item, values));
    };
  }
  if (type !== 'add') throw new Error(`The simulation runs no ${type} in an update`);
  return (next, item, values) => {
    next[name] = sum(item[name] ?? 0, value(item, values), 1);
  };
}

function compileValue(val: unknown, placeholders: ReadonlyMap<unknown, string>): Operand {
  if (placeholders.has(val) || Array.isArray(val)) return compileOperand(val, placeholders);
  const { type, name, args } = val as Node;
  const [one, other] = args.map((arg) => compileValue(arg, placeholders));
  if (!one || !other) throw new Error(`The simulation runs no ${name ?? type} of one operand`);
  if (type === 'add' || type === 'subtract') {
    const sign = type === 'add' ? 1 : -1;
    return (item, values) => sum(one(item, values), other(item, values), sign);
  }
  if (name === 'if_not_exists') return (item, values) => at(item, args[0] as Path) ?? other(item, values);
  if (name !== 'list_append') throw new Error(`The simulation runs no ${name ?? type} in an update`);
  return (item, values) => [...list(one(item, values)), ...list(other(item, values))];
}

function present(value: StoredValue | undefined): StoredValue {
  if (value !== undefined) return value;
  throw refused('The provided expression refers to an attribute that does not exist in the item');
}

function sum(one: StoredValue | undefined, other: StoredValue | undefined, sign: 1 | -1): number {
  const [first, second] = [present(one), present(other)];
  if (typeof first === 'number' && typeof second === 'number') return first + sign * second;
  throw refused('An operand in the update expression has an incorrect data type');
}

function list(value: StoredValue | undefined): StoredValue[] {
  const found = present(value);
  if (Array.isArray(found)) return found;
  throw refused('An operand in the update expression has an incorrect data type');
}

function refused(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
