import type { Reader } from './reader.ts';
import type { BinaryOperator, Expression, Reference, Step } from './syntax.ts';

const NAME = /[A-Za-z][A-Za-z0-9_-]*/;

/** From loosest to tightest. `-` needs a space after it: Velocity 1.7 reads `3 -1` as two numbers and refuses it. */
const LEVELS: readonly RegExp[] = [/\|\|/, /&&/, /==|!=/, /<=|>=|<|>/, /\+|-(?![0-9])/, /[*/%]/];

export function parseExpression(reader: Reader, level = 0): Expression {
  const pattern = LEVELS[level];
  if (!pattern) return parseUnary(reader);
  let left = parseExpression(reader, level + 1);
  for (;;) {
    reader.skipSpace();
    const operator = reader.take(pattern)?.[0];
    if (operator === undefined) return left;
    left = { kind: 'binary', operator: operator as BinaryOperator, left, right: parseExpression(reader, level + 1) };
  }
}

function parseUnary(reader: Reader): Expression {
  reader.skipSpace();
  if (reader.look(/!(?!=)/)) {
    reader.at += 1;
    return { kind: 'not', operand: parseUnary(reader) };
  }
  if (reader.startsWith('(')) {
    reader.at += 1;
    const inner = parseExpression(reader);
    reader.skipSpace();
    reader.expect(')', 'an expression');
    return inner;
  }
  return parsePrimary(reader);
}

/** What may stand as an argument or inside a list: Velocity 1.7 takes no arithmetic there. */
function parsePrimary(reader: Reader): Expression {
  reader.skipSpace();
  if (reader.startsWith('$')) {
    const reference = parseReference(reader);
    if (!reference) throw reader.error('expected a reference');
    return { kind: 'reference', reference };
  }
  if (reader.startsWith('"')) return parseDoubleQuoted(reader);
  if (reader.startsWith("'")) return parseSingleQuoted(reader);
  if (reader.startsWith('[')) return parseList(reader);
  if (reader.startsWith('{')) return parseMap(reader);
  const word = reader.take(/(?:true|false)(?![A-Za-z0-9_-])/);
  if (word) return { kind: 'constant', value: word[0] === 'true' };
  return parseNumber(reader);
}

function parseNumber(reader: Reader): Expression {
  const decimal = reader.take(/-?[0-9]+\.[0-9]+(?![A-Za-z0-9_])/);
  if (decimal) return { kind: 'decimal', digits: decimal[0] };
  const integer = reader.take(/-?[0-9]+(?![A-Za-z0-9_])/);
  if (!integer) throw reader.error('expected a value');
  const value = Number(integer[0]);
  if (!Number.isSafeInteger(value)) throw reader.error('this integer is too large to be held exactly');
  return { kind: 'constant', value };
}

/** A doubled quote stands for one. Anything with `$` or `#` in it is a template of its own. */
function parseDoubleQuoted(reader: Reader): Expression {
  const match = reader.take(/"((?:[^"]|"")*)"/);
  if (!match) throw reader.error('a string has no end');
  const text = (match[1] ?? '').replaceAll('""', '"');
  if (!/[$#]/.test(text)) return { kind: 'constant', value: text };
  return { kind: 'interpolated', body: reader.parseNested(text) };
}

/** Nothing inside is special but a doubled quote, which stands for one. */
function parseSingleQuoted(reader: Reader): Expression {
  const match = reader.take(/'((?:[^']|'')*)'/);
  if (!match) throw reader.error('a string has no end');
  return { kind: 'constant', value: (match[1] ?? '').replaceAll("''", "'") };
}

function parseList(reader: Reader): Expression {
  reader.expect('[', 'a list');
  const items = parseItems(reader, ']', () => parseItemOrRange(reader));
  const [only] = items;
  return items.length === 1 && only?.kind === 'range' ? only : { kind: 'list', items };
}

function parseItemOrRange(reader: Reader): Expression {
  const from = parsePrimary(reader);
  reader.skipSpace();
  return reader.take(/\.\./) ? { kind: 'range', from, to: parsePrimary(reader) } : from;
}

function parseMap(reader: Reader): Expression {
  reader.expect('{', 'a map');
  const entries = parseItems(reader, '}', (): readonly [Expression, Expression] => {
    const key = parsePrimary(reader);
    reader.skipSpace();
    reader.expect(':', 'a map');
    return [key, parsePrimary(reader)];
  });
  return { kind: 'map', entries };
}

/** Items between commas up to `end`, which is consumed. */
function parseItems<Item>(reader: Reader, end: string, parseItem: () => Item): Item[] {
  const items: Item[] = [];
  reader.skipSpace();
  while (!reader.startsWith(end)) {
    if (items.length > 0) reader.expect(',', `what ends with ${end}`);
    items.push(parseItem());
    reader.skipSpace();
  }
  reader.expect(end, 'a list of items');
  return items;
}

/**
 * `$a.b`, `$!a`, `${a.b()}`, `$a["b"].c(1)`. Undefined, with nothing consumed, where the dollar begins no reference.
 * Velocity ends a reference at the first character that cannot go on, so `$total.` is `$total` and a full stop.
 */
export function parseReference(reader: Reader): Reference | undefined {
  const start = reader.at;
  const open = reader.take(/\$(!?)(\{?)(?=[A-Za-z])/);
  if (!open) return undefined;
  const root = reader.take(NAME)?.[0] ?? '';
  const steps: Step[] = [];
  for (let step = parseStep(reader); step; step = parseStep(reader)) steps.push(step);
  if (open[2]) reader.expect('}', 'a reference');
  return { root, steps, isQuiet: open[1] === '!', source: reader.text.slice(start, reader.at) };
}

function parseStep(reader: Reader): Step | undefined {
  if (reader.startsWith('[')) return parseIndex(reader);
  const name = reader.take(/\.([A-Za-z][A-Za-z0-9_-]*)/)?.[1];
  if (name === undefined) return undefined;
  if (!reader.startsWith('(')) return { kind: 'property', name };
  reader.at += 1;
  return { kind: 'method', name, args: parseItems(reader, ')', () => parsePrimary(reader)) };
}

function parseIndex(reader: Reader): Step {
  reader.at += 1;
  const index = parsePrimary(reader);
  reader.skipSpace();
  reader.expect(']', 'an index');
  return { kind: 'index', index };
}
