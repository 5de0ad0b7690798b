import type { AttributeValue, Item } from './attribute-value.ts';
import { ExpressionError, type Tokens } from './tokens.ts';

/** What stands behind the placeholders of one expression. */
export type Placeholders = {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, AttributeValue>> | undefined;
};

/** The name of a top-level attribute, a placeholder resolved later, or a value. Paths into an attribute are not evaluated here. */
export type Operand = { readonly kind: 'name' | 'value'; readonly token: string };

/** @throws {ExpressionError} where a sign stands */
export function readOperand(tokens: Tokens): Operand {
  const token = tokens.next();
  if (!/^[#:]?[A-Za-z0-9_]+$/.test(token)) throw new ExpressionError(`${token} is no operand.`);
  if (tokens.peek() === '.' || tokens.peek() === '[')
    throw new ExpressionError(`A path into ${token} is not evaluated.`);
  return { kind: token.startsWith(':') ? 'value' : 'name', token };
}

/** @throws {ExpressionError} where the placeholder stands for nothing */
export function nameOf({ token }: Operand, { names }: Placeholders): string {
  if (!token.startsWith('#')) return token;
  const name = names?.[token];
  if (name === undefined) throw new ExpressionError(`${token} stands for no name.`);
  return name;
}

/** Undefined where the item has no such attribute. @throws {ExpressionError} where the placeholder stands for nothing */
export function valueIn(operand: Operand, item: Item, placeholders: Placeholders): AttributeValue | undefined {
  if (operand.kind === 'name') return item[nameOf(operand, placeholders)];
  const value = placeholders.values?.[operand.token];
  if (value === undefined) throw new ExpressionError(`${operand.token} stands for no value.`);
  return value;
}
