import type { JsonValue } from '../json.ts';
import type { Bindings } from './bindings.ts';
import { type DirectFunction, directFunctions } from './direct-functions.ts';
import {
  append,
  compare,
  concat,
  deepest,
  equals,
  isIn,
  NOT_DIRECT,
  negative,
  numeric,
  type Value,
} from './direct-values.ts';

/**
 * The quick way to the same answer. jsonata settles a dozen promises for an expression as plain as `$payout.status = "Pending"`, and
 * most expressions of a state machine are that plain. These are evaluated at once, by closures over the tree that jsonata has parsed.
 * Whatever is not plain - in its text, or in the values that it meets - is left to jsonata by {@link NOT_DIRECT}: errors, sequences,
 * conversions. Nothing here has a side effect, so that beginning anew is safe.
 */
export type DirectExpression = (bindings: Bindings) => Value;

/** As jsonata's parser gives it. */
type Node = {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly expression?: Node;
  readonly expressions?: readonly Node[];
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
  readonly predicate?: readonly { readonly type: string; readonly expr: Node }[];
};

/** What a node may hold beside its type and place. Anything else - a group, `[]`, a predicate of most - changes what it means. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  string: ['value'],
  number: ['value'],
  value: ['value'],
  name: ['value'],
  variable: ['value'],
  path: ['steps'],
  binary: ['value', 'lhs', 'rhs'],
  condition: ['condition', 'then', 'else'],
  unary: ['value', 'expression', 'expressions', 'lhs', 'predicate'],
  function: ['value', 'arguments', 'procedure', 'name'],
  block: ['expressions'],
};

/** Undefined where the expression is not of the plain kind. */
export function directExpression(ast: unknown): DirectExpression | undefined {
  try {
    return compile(ast as Node);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {
  override readonly name = 'NotPlain' as const;
}

function compile(node: Node): DirectExpression {
  const known = PLAIN[node.type];
  const isPlain =
    known && Object.keys(node).every((key) => key === 'type' || key === 'position' || known.includes(key));
  if (!isPlain) throw new NotPlain();
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value': {
      const literal = node.value as JsonValue;
      return () => literal;
    }
    case 'variable':
      return variable(String(node.value));
    case 'path':
      return path(node.steps ?? []);
    case 'binary':
      return binary(String(node.value), compile(node.lhs as Node), compile(node.rhs as Node));
    case 'condition':
      return condition(node);
    case 'unary':
      return unary(node);
    case 'function':
      return call(node);
    case 'block':
      return block(node.expressions ?? []);
    default:
      throw new NotPlain();
  }
}

/** Parentheses. */
function block([inner, ...others]: readonly Node[]): DirectExpression {
  if (!inner || others.length > 0) throw new NotPlain();
  return compile(inner);
}

/** A name that is no variable of the workflow may be one of jsonata's own. */
function variable(name: string): DirectExpression {
  if (name === '' || name === '$' || name === 'states') throw new NotPlain();
  return ({ variables }) => (Object.hasOwn(variables, name) ? variables[name] : NOT_DIRECT);
}

/** From a variable through the names of members. An array on the way would be mapped over. */
function path(steps: readonly Node[]): DirectExpression {
  const [first, ...rest] = steps;
  if (first?.type !== 'variable' || rest.some(({ type }) => type !== 'name')) throw new NotPlain();
  for (const step of steps)
    if (Object.keys(step).some((key) => !['type', 'position', 'value'].includes(key))) throw new NotPlain();
  const names = rest.map(({ value }) => String(value));
  if (first.value === 'states') return ({ states }) => deepest(states as unknown as JsonValue, names);
  const begin = variable(String(first.value));
  return (bindings) => deepest(begin(bindings), names);
}

function binary(operator: string, left: DirectExpression, right: DirectExpression): DirectExpression {
  switch (operator) {
    case '=':
      return (bindings) => equals(left(bindings), right(bindings), true);
    case '!=':
      return (bindings) => equals(left(bindings), right(bindings), false);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (bindings) => compare(operator, left(bindings), right(bindings));
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (bindings) => numeric(operator, left(bindings), right(bindings));
    case '&':
      return (bindings) => concat(left(bindings), right(bindings));
    case 'in':
      return (bindings) => isIn(left(bindings), right(bindings));
    case 'and':
    case 'or':
      return (bindings) => logical(operator === 'or', left(bindings), () => right(bindings));
    default:
      throw new NotPlain();
  }
}

/** @param decisive the truth of the left side that decides alone */
function logical(decisive: boolean, left: Value, right: () => Value): Value {
  const one = truth(left);
  if (one === NOT_DIRECT || one === decisive) return one;
  return truth(right());
}

/** Of what is true or false, or not there. All else has a truth of jsonata's. */
function truth(value: Value): boolean | typeof NOT_DIRECT {
  if (value === undefined) return false;
  return typeof value === 'boolean' ? value : NOT_DIRECT;
}

function condition({ condition: asked, then: yes, else: no }: Node): DirectExpression {
  if (!asked || !yes) throw new NotPlain();
  const [decide, whenTrue, whenFalse] = [compile(asked), compile(yes), no && compile(no)];
  return (bindings) => {
    const decided = truth(decide(bindings));
    if (decided === NOT_DIRECT) return NOT_DIRECT;
    return decided ? whenTrue(bindings) : whenFalse?.(bindings);
  };
}

function unary(node: Node): DirectExpression {
  if (node.value === '[' && node.expressions && node.predicate) return item(array(node.expressions), node.predicate);
  if (node.predicate) throw new NotPlain();
  if (node.value === '-' && node.expression) {
    const inner = compile(node.expression);
    return (bindings) => negative(inner(bindings));
  }
  if (node.value === '[' && node.expressions) return array(node.expressions);
  if (node.value === '{' && Array.isArray(node.lhs)) return object(node.lhs as readonly (readonly [Node, Node])[]);
  throw new NotPlain();
}

/** An array in an array constructor is laid open, unless it is a constructor itself. */
function array(nodes: readonly Node[]): DirectExpression {
  const items = nodes.map((item) => ({ evaluate: compile(item), isWhole: item.value === '[' }));
  return (bindings) => {
    const result: JsonValue[] = [];
    for (const { evaluate, isWhole } of items) {
      const value = evaluate(bindings);
      if (value === NOT_DIRECT) return NOT_DIRECT;
      append(result, value, isWhole);
    }
    return result;
  };
}

/** `[1, 2, 3][$n]`, from 0. Counting from the end, and a predicate that is no number, are jsonata's. */
function item(list: DirectExpression, [filter, ...others]: NonNullable<Node['predicate']>): DirectExpression {
  if (filter?.type !== 'filter' || others.length > 0) throw new NotPlain();
  const index = compile(filter.expr);
  return (bindings) => {
    const [items, at] = [list(bindings), index(bindings)];
    if (!Array.isArray(items) || typeof at !== 'number' || !Number.isInteger(at) || at < 0) return NOT_DIRECT;
    const found = items[at];
    return Array.isArray(found) ? NOT_DIRECT : found;
  };
}

function object(pairs: readonly (readonly [Node, Node])[]): DirectExpression {
  const names = pairs.map(([key]) => (key.type === 'string' ? String(key.value) : undefined));
  if (names.some((name) => name === undefined || /^_/.test(name)) || new Set(names).size < names.length)
    throw new NotPlain();
  const members = pairs.map(([, value], index) => [names[index] ?? '', compile(value)] as const);
  return (bindings) => {
    const result: Record<string, JsonValue> = {};
    for (const [name, evaluate] of members) {
      const value = evaluate(bindings);
      if (value === NOT_DIRECT) return NOT_DIRECT;
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

/** A variable of the workflow by the function's name would take its place. */
function call({ value, procedure, arguments: given = [] }: Node): DirectExpression {
  const name = String(procedure?.value);
  const known: DirectFunction | undefined = procedure?.type === 'variable' ? directFunctions[name] : undefined;
  const wanted = name === 'lookup' ? 2 : 1;
  const [first, second] = given.map(compile);
  if (!known || value !== '(' || !first || given.length !== wanted) throw new NotPlain();
  return (bindings) => {
    if (Object.hasOwn(bindings.variables, name)) return NOT_DIRECT;
    const one = first(bindings);
    const other = second?.(bindings);
    return one === NOT_DIRECT || other === NOT_DIRECT ? NOT_DIRECT : known(one, other);
  };
}
