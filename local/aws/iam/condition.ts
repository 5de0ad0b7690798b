import type { JsonObject, JsonValue } from '../../json.ts';
import { UnsupportedResource } from '../resource-type.ts';
import { arnPattern, type Pattern, wildcardPattern } from './pattern.ts';
import { objectIn, textsIn } from './policy-values.ts';

/** What is known of a request besides action and resource, by condition key in lower case. An absent key has no entry. */
export type Context = Readonly<Record<string, readonly string[]>>;

/** One key under one operator. All conditions of a statement must hold. */
export type Condition = { readonly text: string; holds(context: Context): boolean };

/** Condition keys are compared without regard to case; the part after `kms:EncryptionContext:` too, as AWS documents. */
export function toContext(values: Readonly<Record<string, string | readonly string[] | undefined>>): Context {
  const context: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context[key.toLowerCase()] = typeof value === 'string' ? [value] : value;
  }
  return context;
}

/**
 * The keys that requests of the local run carry. `aws:SecureTransport` is always true: the SDKs speak TLS to AWS, for which
 * the loopback stands here, so that a Deny of plain HTTP has no effect, as it has none there.
 */
const KEYS: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'kms:CallerAccount',
    'kms:EncryptionContextKeys',
    'kms:ViaService',
  ].map((key) => key.toLowerCase()),
);
const ENCRYPTION_CONTEXT = 'kms:encryptioncontext:';

type Operator = (value: string) => Pattern;

const OPERATORS: Readonly<Record<string, Operator>> = {
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
  Bool: (text) => ({ text, matches: (other) => other.toLowerCase() === text.toLowerCase() }),
  StringEquals: (text) => ({ text, matches: (other) => other === text }),
  StringLike: wildcardPattern,
};

/**
 * The conditions of a statement's Condition element
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 *
 * @throws {UnsupportedResource} naming the operator or key that is not evaluated here
 */
export function compileConditions(element: JsonValue | undefined, where: string): Condition[] {
  if (element === undefined) return [];
  return Object.entries(objectIn(element, where)).flatMap(([operator, keys]) =>
    Object.entries(objectIn(keys as JsonObject, where)).map(([key, values]) =>
      compile(operator, key, textsIn(values, `${where} ${operator}`), where),
    ),
  );
}

function compile(operator: string, key: string, values: readonly string[], where: string): Condition {
  const name = key.toLowerCase();
  if (!KEYS.has(name) && !name.startsWith(ENCRYPTION_CONTEXT)) {
    throw new UnsupportedResource(`${where}: the condition key ${key} is not evaluated here`);
  }
  return { text: `${operator} ${key} ${values.join(', ')}`, holds: testOf(operator, name, values, where) };
}

function testOf(
  operator: string,
  key: string,
  values: readonly string[],
  where: string,
): (context: Context) => boolean {
  if (operator === 'Null') return (context) => values.includes(String(context[key] === undefined));
  const [set, base] = operator.includes(':') ? operator.split(':', 2) : [undefined, operator];
  const make = Object.hasOwn(OPERATORS, base ?? '') ? OPERATORS[base ?? ''] : undefined;
  if (!make || (set !== undefined && set !== 'ForAnyValue' && set !== 'ForAllValues')) {
    throw new UnsupportedResource(`${where}: the condition operator ${operator} is not evaluated here`);
  }
  const isOfMany = key === 'kms:encryptioncontextkeys';
  if (isOfMany !== (set !== undefined)) {
    throw new UnsupportedResource(
      `${where}: ${operator} does not fit ${key}, which holds ${isOfMany ? 'many' : 'one'}`,
    );
  }
  const patterns = values.map(make);
  const matches = (value: string) => patterns.some((pattern) => pattern.matches(value));
  // An absent key fails every operator but Null and ForAllValues, of which it holds in silence.
  if (set === 'ForAllValues') return (context) => (context[key] ?? []).every(matches);
  return (context) => (context[key] ?? []).some(matches);
}
