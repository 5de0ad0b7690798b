import type { Diagnostic } from './errors.ts';

/** A node of jsonata's syntax tree, as far as it is read here. */
type Node = { readonly type?: string; readonly value?: unknown; readonly steps?: readonly unknown[] } & Record<
  string,
  unknown
>;

export type Misuse = { readonly code: Diagnostic['code']; readonly message: string };

/** What a step of a path is evaluated against, and what hangs on it, is the step before: no longer the top level. */
const EVALUATED_ELSEWHERE: readonly string[] = [
  'predicate',
  'stages',
  'group',
  'nextFunction',
  'pattern',
  'update',
  'delete',
];

/**
 * What AWS refuses in an expression that parses
 * (https://states-language.net/#jsonata-restrictions, and measured in https://github.com/floci-io/floci/issues/2670 and
 * 2745): a name or `$` at the top level, where there is no document to take it from, `$$` anywhere, and a part of
 * `$states` that the field cannot see.
 *
 * @param tree what `jsonata(expression).ast()` gives
 * @param sees the parts of `$states` beside `input` and `context` that the field may read
 */
export function findMisuses(tree: unknown, sees: readonly ('result' | 'errorOutput')[]): Misuse[] {
  const references = new Set<string>();
  visitTopLevel(tree, references);
  const misuses = [...references].map((name) =>
    unsupported(`Reference to '${name}' at the top level is not supported.`),
  );
  for (const node of everyNode(tree)) {
    if (node.type === 'variable' && node.value === '$') misuses.push(invalid("The variable '$$' is not supported"));
    const part = partOfStates(node);
    if ((part === 'result' || part === 'errorOutput') && !sees.includes(part)) {
      misuses.push(unsupported(`Reference to '$states.${part}' is not supported in this field.`));
    }
  }
  return misuses;
}

function unsupported(message: string): Misuse {
  return { code: 'UNSUPPORTED_JSONATA_EXPRESSION', message };
}

function invalid(message: string): Misuse {
  return { code: 'INVALID_JSONATA_EXPRESSION', message };
}

function visitTopLevel(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) visitTopLevel(item, found);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === 'path') {
    visitTopLevel(node.steps?.[0], found);
    return;
  }
  const reference = referenceOf(node);
  if (reference !== undefined) found.add(reference);
  for (const [key, member] of Object.entries(node)) {
    if (!EVALUATED_ELSEWHERE.includes(key)) visitTopLevel(member, found);
  }
}

function referenceOf({ type, value }: Node): string | undefined {
  if (type === 'name') return String(value);
  if (type === 'wildcard') return '*';
  if (type === 'descendant') return '**';
  return type === 'variable' && value === '' ? '$' : undefined;
}

function* everyNode(node: unknown): Generator<Node> {
  if (Array.isArray(node)) {
    for (const item of node) yield* everyNode(item);
  } else if (isNode(node)) {
    yield node;
    for (const member of Object.values(node)) yield* everyNode(member);
  }
}

function partOfStates({ type, steps }: Node): unknown {
  const [first, second] = steps ?? [];
  if (type !== 'path' || !isNode(first) || !isNode(second)) return undefined;
  return first.type === 'variable' && first.value === 'states' && second.type === 'name' ? second.value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
