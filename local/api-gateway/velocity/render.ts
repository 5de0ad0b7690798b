import { TemplateRenderError } from './errors.ts';
import { assign, callMethod, indexOf, propertyOf } from './methods.ts';
import { parseTemplate } from './parse.ts';
import type { BinaryOperator, Expression, Node, Reference, Step } from './syntax.ts';
import { HostObject, isEqual, JavaDouble, JavaList, JavaMap, numeric, printed, type Value } from './values.ts';

/** API Gateway's limit (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const FOREACH_ITERATIONS_MAX = 1000;

type Flow = 'on' | 'break' | 'stop';

type Rendering = {
  readonly variables: Map<string, Value>;
  /** Every name the template sets somewhere; any other unknown name is a slip of the pen. */
  readonly settable: ReadonlySet<string>;
  readonly out: string[];
};

export type Template = { readonly render: (variables: Readonly<Record<string, Value>>) => string };

/**
 * Reads a template once, to be rendered any number of times.
 *
 * @throws {TemplateSyntaxError} at once. Rendering throws {@link TemplateRenderError}.
 */
export function compileTemplate(text: string): Template {
  const nodes = parseTemplate(text);
  const settable = new Set<string>();
  collectSettable(nodes, settable);
  return {
    render: (variables) => {
      const rendering = { variables: new Map(Object.entries(variables)), settable, out: [] };
      renderNodes(nodes, rendering);
      return rendering.out.join('');
    },
  };
}

function collectSettable(nodes: readonly Node[], names: Set<string>): void {
  for (const node of nodes) {
    if (node.kind === 'set') names.add(node.target.root);
    if (node.kind === 'if') for (const branch of node.branches) collectSettable(branch.body, names);
    if (node.kind !== 'foreach') continue;
    names.add(node.variable);
    collectSettable(node.body, names);
  }
}

function renderNodes(nodes: readonly Node[], rendering: Rendering): Flow {
  for (const node of nodes) {
    const flow = renderNode(node, rendering);
    if (flow !== 'on') return flow;
  }
  return 'on';
}

function renderNode(node: Node, rendering: Rendering): Flow {
  switch (node.kind) {
    case 'text':
      rendering.out.push(node.text);
      return 'on';
    case 'reference':
      rendering.out.push(renderReference(node.reference, rendering));
      return 'on';
    case 'set':
      setReference(node.target, evaluate(node.value, rendering), rendering);
      return 'on';
    case 'if': {
      const chosen = node.branches.find((branch) => !branch.condition || isTrue(evaluate(branch.condition, rendering)));
      return chosen ? renderNodes(chosen.body, rendering) : 'on';
    }
    case 'foreach':
      return renderForeach(node, rendering);
    case 'break':
    case 'stop':
      return node.kind;
  }
}

function renderReference(reference: Reference, rendering: Rendering): string {
  const isKnown = rendering.variables.has(reference.root) || rendering.settable.has(reference.root);
  if (!isKnown && !reference.isQuiet) throw new TemplateRenderError(`nobody sets $${reference.root} in this template`);
  return printed(resolve(reference, rendering));
}

/**
 * The loop's variable and `$foreach` are as before when it ends. 1.7 passes silently over what cannot be iterated; here that
 * is an error, except for null.
 */
function renderForeach(node: Extract<Node, { kind: 'foreach' }>, rendering: Rendering): Flow {
  const items = itemsOf(evaluate(node.source, rendering));
  if (items.length > FOREACH_ITERATIONS_MAX) throw new TemplateRenderError('#foreach over more than 1000 items');
  const { variables } = rendering;
  const before = new Map(['foreach', 'velocityCount', node.variable].map((name) => [name, variables.get(name)]));
  let flow: Flow = 'on';
  for (const [index, item] of items.entries()) {
    variables.set('velocityCount', index + 1);
    variables.set('foreach', loopState(index, items.length, before.get('foreach') ?? null));
    variables.set(node.variable, item);
    flow = renderNodes(node.body, rendering);
    if (flow !== 'on') break;
  }
  for (const [name, value] of before) {
    if (value === undefined) variables.delete(name);
    else variables.set(name, value);
  }
  return flow === 'stop' ? 'stop' : 'on';
}

function loopState(index: number, size: number, parent: Value): HostObject {
  return new HostObject('$foreach', {
    index: () => index,
    count: () => index + 1,
    hasNext: () => index + 1 < size,
    first: () => index === 0,
    last: () => index + 1 === size,
    parent: () => parent,
  });
}

function itemsOf(value: Value): readonly Value[] {
  if (value === null) return [];
  if (value instanceof JavaList) return [...value.items];
  if (value instanceof JavaMap) return [...value.entries.values()];
  throw new TemplateRenderError('#foreach over something that is neither a list nor a map');
}

function resolve(reference: Reference, rendering: Rendering): Value {
  let value = rendering.variables.get(reference.root) ?? null;
  for (const step of reference.steps) value = take(value, step, rendering);
  return value;
}

function take(value: Value, step: Step, rendering: Rendering): Value {
  if (value === null) return null;
  if (step.kind === 'property') return propertyOf(value, step.name);
  if (step.kind === 'index') return indexOf(value, evaluate(step.index, rendering));
  return callMethod(
    value,
    step.name,
    step.args.map((arg) => evaluate(arg, rendering)),
  );
}

/**
 * 1.7 leaves a variable alone when the new value is null, 2.x clears it. Where nothing was set before the two agree;
 * elsewhere this is an error.
 */
function setReference(target: Reference, value: Value, rendering: Rendering): void {
  const { variables } = rendering;
  const last = target.steps.at(-1);
  if (!last) {
    if (value !== null) variables.set(target.root, value);
    else if ((variables.get(target.root) ?? null) !== null) {
      throw new TemplateRenderError(`#set of $${target.root} to nothing while it holds something`);
    }
    return;
  }
  if (value === null) throw new TemplateRenderError(`#set of ${target.source} to nothing`);
  const holder = resolve({ ...target, steps: target.steps.slice(0, -1) }, rendering);
  const key = last.kind === 'index' ? evaluate(last.index, rendering) : last.name;
  assign(holder, key, value);
}

function evaluate(expression: Expression, rendering: Rendering): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'decimal':
      return new JavaDouble(Number(expression.digits));
    case 'interpolated':
      return renderAside(expression.body, rendering);
    case 'list':
      return new JavaList(expression.items.map((item) => evaluate(item, rendering)));
    case 'range':
      return range(evaluate(expression.from, rendering), evaluate(expression.to, rendering));
    case 'map':
      return new JavaMap(expression.entries.map(([key, value]) => entryOf(key, value, rendering)));
    case 'reference':
      return resolve(expression.reference, rendering);
    case 'not':
      return !isTrue(evaluate(expression.operand, rendering));
    case 'binary':
      return evaluateBinary(expression, rendering);
  }
}

function renderAside(body: readonly Node[], rendering: Rendering): string {
  const out: string[] = [];
  renderNodes(body, { ...rendering, out });
  return out.join('');
}

function range(from: Value, to: Value): JavaList {
  if (typeof from !== 'number' || typeof to !== 'number') throw new TemplateRenderError('a range needs two integers');
  const size = Math.abs(to - from) + 1;
  if (size > FOREACH_ITERATIONS_MAX) throw new TemplateRenderError('a range of more than 1000 items');
  const step = from <= to ? 1 : -1;
  return new JavaList(Array.from({ length: size }, (_, index) => from + index * step));
}

function entryOf(key: Expression, value: Expression, rendering: Rendering): readonly [string, Value] {
  const name = evaluate(key, rendering);
  if (typeof name !== 'string') throw new TemplateRenderError('a map whose keys are not strings');
  return [name, evaluate(value, rendering)];
}

function evaluateBinary(expression: Extract<Expression, { kind: 'binary' }>, rendering: Rendering): Value {
  const left = evaluate(expression.left, rendering);
  if (expression.operator === '||') return isTrue(left) || isTrue(evaluate(expression.right, rendering));
  if (expression.operator === '&&') return isTrue(left) && isTrue(evaluate(expression.right, rendering));
  const right = evaluate(expression.right, rendering);
  if (expression.operator === '==') return isEqual(left, right);
  if (expression.operator === '!=') return !isEqual(left, right);
  return calculate(expression.operator, left, right);
}

function calculate(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return concatenate(left, right);
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=')
    return compare(operator, left, right);
  if (typeof left !== 'number' || typeof right !== 'number') {
    throw new TemplateRenderError(`${operator} of anything but two integers`);
  }
  const result = arithmetic(operator, left, right);
  if (!Number.isSafeInteger(result)) throw new TemplateRenderError(`${operator} has no exact integer for an answer`);
  return result;
}

/** Integers divide towards zero, in Java as here. */
function arithmetic(operator: BinaryOperator, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return operator === '/' ? Math.trunc(left / right) : left % right;
}

function concatenate(left: Value, right: Value): string {
  if (left === null || right === null) throw new TemplateRenderError('+ of a text and nothing');
  return printed(left) + printed(right);
}

function compare(operator: BinaryOperator, left: Value, right: Value): boolean {
  const [one, other] = [numeric(left), numeric(right)];
  if (one === undefined || other === undefined)
    throw new TemplateRenderError(`${operator} of anything but two numbers`);
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

/**
 * Null and false are false. An empty text, a zero and an empty collection are true in Velocity 1.7 and false from 2.0 on, so
 * asking is an error: say what is meant, with `== ""`, `== 0` or `isEmpty()`.
 */
function isTrue(value: Value): boolean {
  if (value === null || typeof value === 'boolean') return value === true;
  const isEmpty =
    value === '' ||
    numeric(value) === 0 ||
    numeric(value) === 0n ||
    (value instanceof JavaList && value.items.length === 0) ||
    (value instanceof JavaMap && value.entries.size === 0);
  if (isEmpty)
    throw new TemplateRenderError('a condition on an empty text, a zero or an empty collection is undecided');
  return true;
}
