import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue, Item } from './attribute-value.ts';
import { type Operand, type Placeholders, readOperand, valueIn } from './operand.ts';
import { ExpressionError, Tokens } from './tokens.ts';

/** A condition as a tree (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html). */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly sign: Sign; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly operands: readonly Operand[] };

const SIGNS = ['=', '<>', '<', '<=', '>', '>='] as const;
type Sign = (typeof SIGNS)[number];
const FUNCTIONS = ['attribute_exists', 'attribute_not_exists', 'begins_with'] as const;
type FunctionName = (typeof FUNCTIONS)[number];

/** @throws {ExpressionError} where it is no condition, or one that is not evaluated here */
export function parseCondition(text: string): Condition {
  const tokens = new Tokens(text);
  const condition = readOr(tokens);
  tokens.end();
  return condition;
}

function readOr(tokens: Tokens): Condition {
  return readJoined(tokens, 'or', readAnd);
}

function readAnd(tokens: Tokens): Condition {
  return readJoined(tokens, 'and', readNot);
}

function readJoined(tokens: Tokens, kind: 'and' | 'or', readPart: (tokens: Tokens) => Condition): Condition {
  const first = readPart(tokens);
  const parts = [first];
  while (tokens.takes(kind.toUpperCase())) parts.push(readPart(tokens));
  return parts.length === 1 ? first : { kind, parts };
}

function readNot(tokens: Tokens): Condition {
  if (tokens.takes('NOT')) return { kind: 'not', part: readNot(tokens) };
  if (!tokens.takes('(')) return readTest(tokens);
  const inner = readOr(tokens);
  tokens.expect(')');
  return inner;
}

function readTest(tokens: Tokens): Condition {
  const left = readOperand(tokens);
  if (tokens.takes('(')) return readFunction(tokens, left.token);
  if (tokens.takes('BETWEEN')) {
    const low = readOperand(tokens);
    tokens.expect('AND');
    return { kind: 'between', operand: left, low, high: readOperand(tokens) };
  }
  const sign = SIGNS.find((known) => known === tokens.peek());
  if (!sign) throw new ExpressionError(`${tokens.peek()} is no comparison.`);
  tokens.next();
  return { kind: 'compare', sign, left, right: readOperand(tokens) };
}

function readFunction(tokens: Tokens, token: string): Condition {
  const name = FUNCTIONS.find((known) => known === token);
  if (!name) throw new ExpressionError(`The function ${token} is not evaluated.`);
  const operands = [readOperand(tokens)];
  while (tokens.takes(',')) operands.push(readOperand(tokens));
  tokens.expect(')');
  return { kind: 'function', name, operands };
}

/** Whether the condition holds; an item that does not exist is one without attributes. @throws {ExpressionError} for an unknown placeholder */
export function holds(condition: Condition, item: Item, placeholders: Placeholders): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, item, placeholders));
    case 'or':
      return condition.parts.some((part) => holds(part, item, placeholders));
    case 'not':
      return !holds(condition.part, item, placeholders);
    case 'compare': {
      const [left, right] = [condition.left, condition.right].map((operand) => valueIn(operand, item, placeholders));
      return compares(condition.sign, left, right);
    }
    case 'between': {
      const [value, low, high] = [condition.operand, condition.low, condition.high].map((operand) =>
        valueIn(operand, item, placeholders),
      );
      return compares('>=', value, low) && compares('<=', value, high);
    }
    case 'function':
      return answers(condition.name, condition.operands, item, placeholders);
  }
}

/** An attribute that is absent compares to nothing, not even as different. */
function compares(sign: Sign, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (sign === '=') return isDeepStrictEqual(left, right);
  if (sign === '<>') return !isDeepStrictEqual(left, right);
  const order = orderOf(left, right);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[sign];
}

/** Undefined for values of different types, or of types without an order. */
function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('N' in left && 'N' in right) return Number(left.N) - Number(right.N);
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  return undefined;
}

function answers(
  name: FunctionName,
  [first, second]: readonly Operand[],
  item: Item,
  placeholders: Placeholders,
): boolean {
  if (!first) throw new ExpressionError(`${name} takes an operand.`);
  const value = valueIn(first, item, placeholders);
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  if (!second) throw new ExpressionError(`${name} takes two operands.`);
  const start = valueIn(second, item, placeholders);
  return value !== undefined && start !== undefined && 'S' in value && 'S' in start && value.S.startsWith(start.S);
}

/** The condition as text again. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map(printPart).join(` ${condition.kind.toUpperCase()} `);
    case 'not':
      return `NOT ${printPart(condition.part)}`;
    case 'compare':
      return `${condition.left.token} ${condition.sign} ${condition.right.token}`;
    case 'between':
      return `${condition.operand.token} BETWEEN ${condition.low.token} AND ${condition.high.token}`;
    case 'function':
      return `${condition.name}(${condition.operands.map(({ token }) => token).join(', ')})`;
  }
}

function printPart(part: Condition): string {
  return part.kind === 'and' || part.kind === 'or' ? `(${printCondition(part)})` : printCondition(part);
}
