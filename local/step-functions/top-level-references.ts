/** A node of jsonata's syntax tree, as far as it is read here. */
type Node = { readonly type?: string; readonly value?: unknown; readonly steps?: readonly Node[] } & Record<
  string,
  unknown
>;

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
 * The names that an expression takes from the top level, where Step Functions has nothing to offer: everything begins
 * at `$states` or a variable. AWS refuses such a definition with `Reference to 'phone' at the top level is not
 * supported.` (measured in https://github.com/floci-io/floci/issues/2670).
 *
 * @param tree what `jsonata(expression).ast()` gives
 */
export function topLevelReferences(tree: unknown): string[] {
  const found = new Set<string>();
  visit(tree, found);
  return [...found];
}

function visit(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const current = node as Node;
  if (current.type === 'path') {
    visit(current.steps?.[0], found);
    return;
  }
  const reference = referenceOf(current);
  if (reference !== undefined) found.add(reference);
  for (const [key, member] of Object.entries(current)) {
    if (!EVALUATED_ELSEWHERE.includes(key)) visit(member, found);
  }
}

function referenceOf({ type, value }: Node): string | undefined {
  if (type === 'name') return String(value);
  if (type === 'wildcard') return '*';
  if (type === 'descendant') return '**';
  if (type === 'variable' && (value === '' || value === '$')) return `$${value}`;
  return undefined;
}
