import jsonata from 'jsonata';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Bindings } from './bindings.ts';
import { directExpression } from './direct-expression.ts';
import { NOT_DIRECT } from './direct-values.ts';
import type { ExpressionSources } from './expression-sources.ts';
import { registerAwsFunctions } from './jsonata-functions.ts';

/** Evaluations that run longer than this (real milliseconds) are ended, so that no expression can hang the run. */
const TIMEOUT_MS = 5_000;
/** Depth of nested evaluation. AWS ends a sum of 200 terms; where exactly its bound lies is not published. */
const DEPTH_MAX = 1_000;
/** `[1..873782]` is the longest range that AWS was measured to accept (https://github.com/floci-io/floci/pull/2783). */
const SEQUENCE_MAX = 873_782;

/**
 * An expression threw. `detail` begins as AWS ends its sentence: `. T1006: Attempted to ...` for an error of the
 * language, `: Expression evaluation ...` for a bound that was reached (https://github.com/floci-io/floci/pull/2783).
 */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError' as const;
  readonly detail: string;

  constructor(detail: string, options: { cause: unknown }) {
    super(detail, options);
    this.detail = detail;
  }
}

/** A compiled expression. Undefined is "returned nothing". */
export type Expression = {
  /** @throws {ExpressionError} */
  readonly evaluate: (bindings: Bindings) => Promise<JsonValue | undefined>;
  /** The same answer at once, where the expression is plain; `NOT_DIRECT` where the values turn out not to be. Never throws. */
  readonly evaluateNow: ((bindings: Bindings) => JsonValue | undefined | typeof NOT_DIRECT) | undefined;
};

/**
 * Compiles a JSONata expression (without its `{% %}`) with the functions that AWS adds, changes and takes away.
 * @throws what the jsonata parser throws, an object with `code` and `message`, when the expression is not JSONata.
 */
export function compileExpression(source: string, sources: ExpressionSources): Expression {
  const compiled = jsonata(source, { timeout: TIMEOUT_MS, stack: DEPTH_MAX, sequence: SEQUENCE_MAX });
  registerAwsFunctions(compiled, sources);
  const marksItsInput = keepsArrays(compiled.ast());
  const direct = directExpression(compiled.ast());
  return {
    evaluateNow: direct && ((bindings) => toJsonNow(direct(bindings))),
    async evaluate({ states, variables }) {
      const bindings = { ...variables, states };
      try {
        return toJson(await compiled.evaluate(undefined, marksItsInput ? structuredClone(bindings) : bindings));
      } catch (error) {
        throw new ExpressionError(detailOf(error), { cause: error });
      }
    },
  };
}

function toJsonNow(value: JsonValue | undefined | typeof NOT_DIRECT): JsonValue | undefined | typeof NOT_DIRECT {
  return value === NOT_DIRECT ? NOT_DIRECT : toJson(value);
}

/**
 * Whether an expression writes `x[]` somewhere: jsonata then sets `keepSingleton` on the very array it was given, which
 * would fail on the frozen values that states share (and leak from one state into the next if they were not frozen).
 */
function keepsArrays(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('keepArray' in node && node.keepArray === true) return true;
  if ('keepSingletonArray' in node && node.keepSingletonArray === true) return true;
  return Object.values(node).some(keepsArrays);
}

/**
 * Plain, frozen JSON from what jsonata answered: its arrays carry marks of their own (`sequence`, `keepSingleton`),
 * functions and undefined members are dropped as JSON would, and a number that JSON cannot hold becomes its name in a
 * string, as on AWS (`1/0` gives `"Infinity"`: https://github.com/floci-io/floci/issues/2737).
 */
function toJson(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return numberToJson(value);
  if (typeof value !== 'object') return undefined;
  if (Object.isFrozen(value)) return value as JsonValue;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => toJson(item) ?? null)) as unknown as JsonValue[];
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) return undefined;
  const members = Object.entries(value).map(([key, member]) => [key, toJson(member)] as const);
  return Object.freeze(Object.fromEntries(members.filter(([, member]) => member !== undefined))) as JsonObject;
}

function numberToJson(value: number): JsonValue {
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? 0 : value;
}

function detailOf(error: unknown): string {
  if (error instanceof RangeError) return STACK_OVERFLOW;
  if (typeof error !== 'object' || error === null) return `: ${String(error)}`;
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'D1011') return STACK_OVERFLOW;
  if (code === 'D1012') return ': Expression evaluation timeout: Check for infinite loop';
  if (code === 'D2014' || code === 'D2015') return MEMORY_LIMIT;
  return code === undefined ? `: ${message ?? 'unknown error'}` : `. ${code}: ${message ?? ''}`;
}

const STACK_OVERFLOW =
  ': Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive';
const MEMORY_LIMIT = ': Expression evaluation memory limit exceeded: Check for excessive memory usage';
