import { readFileSync } from 'node:fs';
import { parseAst } from 'vitest/node';
import { CODE_ORDERINGS } from './code-orderings.ts';
import { weakened } from './conditions.ts';
import type { Kind, Mutant, SourceForm } from './mutant.ts';
import { GUARDED_FILES } from './source-files.ts';

/** A node of the syntax tree, as far as it is read. */
type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;

type Span = { readonly start: number; readonly end: number };
type Site = {
  readonly kind: Kind;
  readonly what: string;
  readonly node: Span;
  readonly text: string;
  readonly form?: SourceForm;
};

/** Every protection in the code, switched off one at a time. `root` ends with a slash. */
export function sourceMutants(root: URL): Mutant[] {
  return GUARDED_FILES.flatMap(({ file, leaves }) => mutantsOf(root, file, Object.keys(leaves)));
}

/** @param leaves the functions whose decisions are no guards */
function mutantsOf(root: URL, file: string, leaves: readonly string[]): Mutant[] {
  const source = readFileSync(new URL(file, root), 'utf8');
  const sites: Site[] = [];
  const met = new Set<string>();
  walk(parseAst(source, { lang: 'ts' }) as unknown as Node, [], (node, parents) => {
    const around = functionsAround(parents);
    for (const name of around) met.add(name);
    sites.push(...conditionSites(node, source), ...orderingSites(node, file, source));
    const isLeft = around.some((name) => leaves.includes(name)) || parents.some((parent) => logs(parent, source));
    if (!isLeft) sites.push(...guardSites(node, parents, source));
  });
  const strange = leaves.filter((name) => !met.has(name));
  if (strange.length > 0) throw new Error(`${file} has no function ${strange.join(', ')} any more.`);
  return sites.map(({ kind, what, node, text, form = 'expression' }) => ({
    id: `${file} ${what}`,
    kind,
    change: { of: 'source' as const, file, start: node.start, end: node.end, text, form },
  }));
}

function walk(node: Node, parents: readonly Node[], visit: (node: Node, parents: readonly Node[]) => void): void {
  visit(node, parents);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, [node, ...parents], visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The body of a function that keeps an order, in the other order. @throws {Error} where the function has changed */
function orderingSites(node: Node, file: string, source: string): Site[] {
  const name = nameOf(node);
  const isFunction = node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression';
  if (!isFunction || name === undefined) return [];
  const body = node['body'] as Node;
  const inner = { start: body.start + 1, end: body.end - 1 };
  return CODE_ORDERINGS.filter((ordering) => ordering.file === file && ordering.inside === name).map((ordering) => ({
    kind: 'ordering',
    what: `${name}: ${ordering.what}`,
    node: inner,
    text: ordering.reorder(source.slice(inner.start, inner.end)),
    form: 'body',
  }));
}

/** The value of a property `ConditionExpression`, which is text alone. */
function conditionSites(node: Node, source: string): Site[] {
  if (node.type !== 'Property' || (node['key'] as Node)['name'] !== 'ConditionExpression') return [];
  const value = node['value'] as Node;
  const condition = textOf(value);
  if (condition === undefined) throw new Error(`A condition is not plain text: ${shown(value, source)}`);
  return weakened(condition).map(({ dropped, text }) => ({
    kind: 'condition',
    what: `${condition}, without ${dropped}`,
    node: value,
    text: JSON.stringify(text),
  }));
}

/** Of a literal, or of literals that are added up. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return String(node['value']);
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return undefined;
  const [left, right] = [textOf(node['left'] as Node), textOf(node['right'] as Node)];
  return left === undefined || right === undefined ? undefined : left + right;
}

const COMPARISONS: readonly unknown[] = ['===', '!==', '<', '<=', '>', '>='];

function guardSites(node: Node, parents: readonly Node[], source: string): Site[] {
  const inside = `${functionsAround(parents)[0] ?? 'the file'}: `;
  const always = (what: string, test: Node, values: readonly boolean[]): Site[] =>
    values.map((value) => ({
      kind: 'guard',
      what: `${inside}${what} (${shown(test, source)}) is always ${value}`,
      node: test,
      text: String(value),
    }));
  switch (node.type) {
    case 'IfStatement':
      if (!node['alternate'] && logs(node['consequent'] as Node, source)) return [];
      return always('if', node['test'] as Node, [true, false]);
    case 'ConditionalExpression':
      return always('the choice', node['test'] as Node, [true, false]);
    case 'LogicalExpression':
      return logicalSites(node, parents, always);
    case 'BinaryExpression':
      return [...comparisonSites(node, parents, always), ...countSites(node, inside, source)];
    case 'ExpressionStatement':
      return effectSites(node, inside, source);
    default:
      return [];
  }
}

type Always = (what: string, test: Node, values: readonly boolean[]) => Site[];

/** What `&&` requires is given, and what `||` allows is not, one operand at a time. */
function logicalSites(node: Node, [parent]: readonly Node[], always: Always): Site[] {
  const { operator } = node;
  if (operator === '??' || (parent?.type === 'LogicalExpression' && parent['operator'] === operator)) return [];
  return operandsOf(node, operator).flatMap((operand) => always(String(operator), operand, [operator === '&&']));
}

function operandsOf(node: Node, operator: unknown): Node[] {
  if (node.type !== 'LogicalExpression' || node['operator'] !== operator) return [node];
  return [...operandsOf(node['left'] as Node, operator), ...operandsOf(node['right'] as Node, operator)];
}

/** A comparison that is no test and no operand, such as what a function returns. */
function comparisonSites(node: Node, [parent]: readonly Node[], always: Always): Site[] {
  if (!COMPARISONS.includes(node['operator'])) return [];
  const isCovered = ['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'ForStatement'].includes(
    parent?.type ?? '',
  );
  return isCovered ? [] : always('the comparison', node, [true, false]);
}

/** One more or one less is neither. */
function countSites(node: Node, inside: string, source: string): Site[] {
  const right = node['right'] as Node;
  const isCount =
    (node['operator'] === '+' || node['operator'] === '-') && right.type === 'Literal' && right['value'] === 1;
  if (!isCount) return [];
  const left = node['left'] as Node;
  return [{ kind: 'count', what: `${inside}${shown(node, source)} is not counted`, node, text: shown(left, source) }];
}

/** Logs and metrics tell people what happened, and change nothing. */
const TELLS = /^(await )?(deps\.)?(log|metrics)\.|^(report|count|announce)\(/;

/** Words for people, on which nothing depends; what is counted raises alarms. */
const LOGS = /^(deps\.)?log\./;

function logs(node: Node, source: string): boolean {
  return node.type === 'ExpressionStatement' && LOGS.test(source.slice(node.start, node.end));
}

function effectSites(node: Node, inside: string, source: string): Site[] {
  const expression = node['expression'] as Node;
  const call = expression.type === 'AwaitExpression' ? (expression['argument'] as Node) : expression;
  if (call.type !== 'CallExpression' || TELLS.test(shown(node, source))) return [];
  return [{ kind: 'effect', what: `${inside}without ${shown(node, source)}`, node, text: '', form: 'statement' }];
}

/** The functions that hold a node, and the variables and properties that hold it on the way, the nearest first. */
function functionsAround(parents: readonly Node[]): string[] {
  return parents.flatMap((parent) => nameOf(parent) ?? []);
}

function nameOf(node: Node | undefined): string | undefined {
  if (!node || !['FunctionDeclaration', 'FunctionExpression', 'Property', 'VariableDeclarator'].includes(node.type))
    return undefined;
  const named = (node.type === 'Property' ? node['key'] : node['id']) as Node | null;
  const isFunction = node.type.startsWith('Function') || isNode(node['value']) || isNode(node['init']);
  return isFunction && typeof named?.['name'] === 'string' ? named['name'] : undefined;
}

const SHOWN_MAX_CHARACTERS = 110;

function shown({ start, end }: Node, source: string): string {
  const text = source.slice(start, end).replaceAll(/\s+/g, ' ');
  return text.length > SHOWN_MAX_CHARACTERS ? `${text.slice(0, SHOWN_MAX_CHARACTERS)}…` : text;
}
