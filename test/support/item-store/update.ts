import type { AttributeValue, Item } from './attribute-value.ts';
import { nameOf, type Operand, type Placeholders, readOperand, valueIn } from './operand.ts';
import { ExpressionError, Tokens } from './tokens.ts';

type Term =
  | { readonly kind: 'operand'; readonly operand: Operand }
  | { readonly kind: 'if_not_exists'; readonly name: Operand; readonly otherwise: Operand };
type Assignment = { readonly target: Operand; readonly terms: readonly Term[]; readonly sign?: '+' | '-' };
type Update = {
  readonly sets: readonly Assignment[];
  readonly removes: readonly Operand[];
  readonly adds: readonly Addition[];
};
type Addition = { readonly target: Operand; readonly amount: Operand };

/** @throws {ExpressionError} where it is no update, or one that is not evaluated here (DELETE, list_append, paths) */
export function parseUpdate(text: string): Update {
  const tokens = new Tokens(text);
  const sets: Assignment[] = [];
  const removes: Operand[] = [];
  const adds: Addition[] = [];
  while (tokens.peek() !== undefined) {
    if (tokens.takes('SET')) sets.push(...readList(tokens, readAssignment));
    else if (tokens.takes('REMOVE')) removes.push(...readList(tokens, readOperand));
    else if (tokens.takes('ADD')) adds.push(...readList(tokens, readAddition));
    else throw new ExpressionError(`${tokens.peek()} begins no clause of an update.`);
  }
  return { sets, removes, adds };
}

function readList<Part>(tokens: Tokens, read: (tokens: Tokens) => Part): Part[] {
  const parts = [read(tokens)];
  while (tokens.takes(',')) parts.push(read(tokens));
  return parts;
}

function readAssignment(tokens: Tokens): Assignment {
  const target = readOperand(tokens);
  tokens.expect('=');
  const first = readTerm(tokens);
  const sign = tokens.takes('+') ? '+' : tokens.takes('-') ? '-' : undefined;
  return sign ? { target, terms: [first, readTerm(tokens)], sign } : { target, terms: [first] };
}

function readTerm(tokens: Tokens): Term {
  const operand = readOperand(tokens);
  if (!tokens.takes('(')) return { kind: 'operand', operand };
  if (operand.token !== 'if_not_exists') throw new ExpressionError(`The function ${operand.token} is not evaluated.`);
  const name = readOperand(tokens);
  tokens.expect(',');
  const otherwise = readOperand(tokens);
  tokens.expect(')');
  return { kind: 'if_not_exists', name, otherwise };
}

function readAddition(tokens: Tokens): Addition {
  return { target: readOperand(tokens), amount: readOperand(tokens) };
}

/** The item after the update; every operand is read from the item as it was. @throws {ExpressionError} as DynamoDB refuses an absent operand */
export function updated({ sets, removes, adds }: Update, item: Item, placeholders: Placeholders): Item {
  const next: Record<string, AttributeValue> = { ...item };
  for (const { target, terms, sign } of sets) {
    const values = terms.map((term) => termValue(term, item, placeholders));
    next[nameOf(target, placeholders)] = sign ? sumOf(values, sign) : only(values);
  }
  for (const { target, amount } of adds) {
    const present = valueIn(target, item, placeholders) ?? { N: '0' };
    next[nameOf(target, placeholders)] = sumOf([present, only([valueIn(amount, item, placeholders)])], '+');
  }
  for (const target of removes) delete next[nameOf(target, placeholders)];
  return next;
}

function termValue(term: Term, item: Item, placeholders: Placeholders): AttributeValue | undefined {
  if (term.kind === 'operand') return valueIn(term.operand, item, placeholders);
  return valueIn(term.name, item, placeholders) ?? valueIn(term.otherwise, item, placeholders);
}

function only([value]: readonly (AttributeValue | undefined)[]): AttributeValue {
  if (value === undefined) throw new ExpressionError('The update refers to an attribute that does not exist.');
  return value;
}

function sumOf([left, right]: readonly (AttributeValue | undefined)[], sign: '+' | '-'): AttributeValue {
  if (!left || !right || !('N' in left) || !('N' in right)) throw new ExpressionError('Only numbers are added.');
  return { N: String(sign === '+' ? Number(left.N) + Number(right.N) : Number(left.N) - Number(right.N)) };
}
