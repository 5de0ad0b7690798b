/** One of dynalite's generated parsers; `parse` gives a syntax tree, or a text that says what is wrong. */
export type ExpressionParser = { parse(expression: string, options: { context: ExpressionContext }): unknown };

type ExpressionContext = {
  readonly attrNames?: Readonly<Record<string, string>> | null;
  readonly attrVals?: Readonly<Record<string, object>> | null;
  /** The parser takes out what the expression uses. */
  readonly unusedAttrNames: Record<string, boolean>;
  readonly unusedAttrVals: Record<string, boolean>;
};

type Remembered = { readonly tree: unknown; readonly names: readonly string[]; readonly values: readonly string[] };

/** Expressions come from code, so they are few; one that is made of data must not grow the memory for ever. */
const REMEMBERED_MAX = 500;

/** Stands in a remembered tree where the caller's value goes. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Lets the parser remember what it has parsed. dynalite parses every expression of every call anew, with rules that try the
 * same characters again and again: two milliseconds for the condition of a fence, most of what an update costs.
 *
 * A tree depends on the text, on the attribute names, and on the names and types of the values, whose places are remembered
 * and filled with the values of each call. Errors are not remembered, nor what is checked against a value itself
 * (`BETWEEN`, `attribute_type`).
 */
export function rememberExpressions(parser: ExpressionParser): void {
  const { parse } = parser;
  const remembered = new Map<string, Remembered>();
  parser.parse = (expression, { context }) => {
    if (/between|attribute_type/i.test(expression)) return parse(expression, { context });
    const key = keyOf(expression, context);
    const known = remembered.get(key);
    if (known) return recall(known, context);
    const fresh = parseForAll(parse, expression, context);
    if (!fresh) return parse(expression, { context });
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(key, fresh);
    return recall(fresh, context);
  };
}

function keyOf(expression: string, { attrNames, attrVals }: ExpressionContext): string {
  const types = Object.entries(attrVals ?? {}).map(([name, value]) => [name, ...Object.keys(value)]);
  return JSON.stringify([expression, attrNames, types]);
}

/** Undefined where the expression is refused. The values are copied, so that each is known by its identity. */
function parseForAll(
  parse: ExpressionParser['parse'],
  expression: string,
  context: ExpressionContext,
): Remembered | undefined {
  const names = { ...context.attrNames };
  const copies = Object.entries(context.attrVals ?? {}).map(([name, value]) => [name, { ...value }] as const);
  const unusedAttrNames = Object.fromEntries(Object.keys(names).map((name) => [name, true]));
  const unusedAttrVals = Object.fromEntries(copies.map(([name]) => [name, true]));
  const attrVals = Object.fromEntries(copies);
  const tree = parse(expression, { context: { ...context, attrVals, unusedAttrNames, unusedAttrVals } });
  if (typeof tree === 'string') return undefined;
  const slots = new Map<unknown, Slot>(copies.map(([name, value]) => [value, new Slot(name)]));
  return {
    tree: copyTree(tree, (node) => slots.get(node)),
    names: Object.keys(names).filter((name) => !(name in unusedAttrNames)),
    values: Object.keys(attrVals).filter((name) => !(name in unusedAttrVals)),
  };
}

/** A tree of the caller's own, since dynalite writes into it. */
function recall({ tree, names, values }: Remembered, context: ExpressionContext): unknown {
  for (const name of names) delete context.unusedAttrNames[name];
  for (const name of values) delete context.unusedAttrVals[name];
  return copyTree(tree, (node) => (node instanceof Slot ? context.attrVals?.[node.name] : undefined));
}

function copyTree(node: unknown, replacementOf: (node: object) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const replacement = replacementOf(node);
  if (replacement !== undefined) return replacement;
  if (Array.isArray(node)) return node.map((child) => copyTree(child, replacementOf));
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(node));
  for (const [name, child] of Object.entries(node)) copy[name] = copyTree(child, replacementOf);
  return copy;
}
