import { TemplateRenderError } from './errors.ts';

/**
 * What a reference can stand for. Templates were written for Java's objects, so what differs from JavaScript has a class of
 * its own. Integers that a JavaScript number cannot hold are bigints.
 */
export type Value = null | boolean | number | bigint | string | JavaDouble | JavaMap | JavaList | HostObject;

/** A java.lang.Double: 1.0 is not 1 when it is printed. */
export class JavaDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** As Double.toString writes it: always a fraction, and an exponent below 0.001 or from ten million on. */
  toString(): string {
    const magnitude = Math.abs(this.value);
    if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
      const plain = String(this.value);
      return plain.includes('.') ? plain : `${plain}.0`;
    }
    const [digits = '', exponent = ''] = this.value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
}

/** A java.util.LinkedHashMap with keys that are strings. */
export class JavaMap {
  readonly entries: Map<string, Value>;

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    this.entries = new Map(entries);
  }

  get(key: string): Value {
    return this.entries.get(key) ?? null;
  }

  set(key: string, value: Value): void {
    this.entries.set(key, value);
  }
}

/**
 * `list` prints as Java lists do, `[a, b]`. `json` came out of a JSON document and prints as JSON, which is what API Gateway
 * does (recorded on AWS by the tests of github.com/localstack/localstack, test_input_path_template_formatting). `array` came
 * out of String.split and cannot be printed.
 */
export class JavaList {
  readonly items: Value[];
  readonly flavour: 'list' | 'json' | 'array';

  constructor(items: Value[], flavour: 'list' | 'json' | 'array' = 'list') {
    this.items = items;
    this.flavour = flavour;
  }
}

/** An object of API Gateway's own: `$input`, `$util`, `$context`. A name it does not have is an error, not an empty text. */
export class HostObject {
  readonly label: string;
  readonly properties: Readonly<Record<string, () => Value>>;
  readonly methods: Readonly<Record<string, (args: readonly Value[]) => Value>>;

  constructor(
    label: string,
    properties: Readonly<Record<string, () => Value>>,
    methods: Readonly<Record<string, (args: readonly Value[]) => Value>> = {},
  ) {
    this.label = label;
    this.properties = properties;
    this.methods = methods;
  }
}

/**
 * As the value is printed. Nothing is printed for null: API Gateway leaves it out (recorded on AWS, see {@link JavaList}),
 * where Velocity 1.7 alone would print the reference's own source.
 *
 * @throws {TemplateRenderError} for what has no readable form.
 */
export function printed(value: Value): string {
  return value === null ? '' : javaText(value);
}

function javaText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (value instanceof JavaDouble) return value.toString();
  if (value instanceof JavaMap)
    return `{${[...value.entries].map(([key, item]) => `${key}=${javaText(item)}`).join(', ')}}`;
  if (value instanceof HostObject) throw new TemplateRenderError(`${value.label} cannot be printed whole`);
  if (value.flavour === 'array')
    throw new TemplateRenderError('a Java array (what split returns) cannot be printed whole');
  return value.flavour === 'json' ? toJson(value) : `[${value.items.map(javaText).join(', ')}]`;
}

/** @throws {TemplateRenderError} for what no JSON document can hold. */
export function toJson(value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value instanceof JavaDouble) return value.toString();
  if (value instanceof JavaList) return `[${value.items.map(toJson).join(',')}]`;
  if (value instanceof HostObject) throw new TemplateRenderError(`${value.label} is not JSON`);
  return `{${[...value.entries].map(([key, item]) => `${JSON.stringify(key)}:${toJson(item)}`).join(',')}}`;
}

/**
 * Reads JSON into the values a template sees. Numbers with a fraction or an exponent are doubles, others integers of any size.
 *
 * @throws {SyntaxError} where the text is not JSON.
 */
export function fromJson(text: string): Value {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }): Value => {
    if (typeof value === 'number') return javaNumber(value, context?.source ?? String(value));
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (Array.isArray(value)) return new JavaList(value, 'json');
    return new JavaMap(Object.entries(value as Record<string, Value>));
  }) as Value;
}

function javaNumber(value: number, source: string): Value {
  if (/[.eE]/.test(source)) return new JavaDouble(value);
  return Number.isSafeInteger(value) ? value : BigInt(source);
}

/**
 * Velocity's `==`. Unlike kinds are compared as text, numbers by value. Nothing equals null, and so does the empty text: on
 * AWS both `$x == $null` and `$x == ""` hold for a missing value (recorded, see {@link JavaList}).
 */
export function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return (left ?? '') === (right ?? '');
  const [leftNumber, rightNumber] = [numeric(left), numeric(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) return Number(leftNumber) === Number(rightNumber);
  if (typeof left === 'object' && typeof right === 'object' && left.constructor === right.constructor) {
    return toJson(left) === toJson(right);
  }
  return javaText(left) === javaText(right);
}

/** Java's `a.equals(b)`, which never crosses kinds. */
export function isSame(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  return typeof left === typeof right && isEqual(left, right);
}

/** The number a value is, or undefined where it is none. */
export function numeric(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof JavaDouble ? value.value : undefined;
}
