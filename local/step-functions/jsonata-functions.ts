import { createHash } from 'node:crypto';
import type { Expression } from 'jsonata';
import type { JsonValue } from '../json.ts';
import type { ExpressionSources } from './expression-sources.ts';
import { seededRandom } from './java-random.ts';

const HASH_ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
/** `$range` and `$partition` give at most this many items: AWS allows States.ArrayRange 1,000; a bound all the same. */
const ITEMS_MAX = 100_000;

/**
 * The functions that Step Functions adds to JSONata (`$partition`, `$range`, `$hash`, `$random` with a seed, `$uuid`,
 * `$parse`), without `$eval` (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html). `$now`,
 * `$millis`, `$random` and `$shuffle` are replaced so that time and chance come from `sources` alone.
 */
export function registerAwsFunctions(expression: Expression, sources: ExpressionSources): void {
  expression.assign('eval', undefined);
  expression.registerFunction('parse', parse, '<s-:x>');
  expression.registerFunction('partition', partition, '<an:a<a>>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', hash, '<ss:s>');
  expression.registerFunction('uuid', () => sources.newId(), '<:s>');
  expression.registerFunction('random', (seed?: number) => random(seed, sources), '<n?:n>');
  expression.registerFunction('shuffle', (items: JsonValue[]) => shuffle(items, sources.random), '<a:a>');
  expression.registerFunction('millis', () => sources.clock.nowMs(), '<:n>');
  registerNow(expression, sources);
}

function parse(text: string | undefined): JsonValue | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
}

function partition(items: JsonValue[] | undefined, size: number): JsonValue[][] | undefined {
  if (items === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1) throw new TypeError('The chunk size must be a positive integer');
  const chunks: JsonValue[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

function range(start: number, end: number, step: number): number[] {
  if (step === 0) throw new TypeError('The step must not be zero');
  const count = Math.floor((end - start) / step) + 1;
  if (count > ITEMS_MAX) throw new TypeError(`A range holds at most ${ITEMS_MAX} items`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * step);
}

function hash(text: string | undefined, algorithm: string): string | undefined {
  if (text === undefined) return undefined;
  const nodeAlgorithm = HASH_ALGORITHMS[algorithm];
  if (!nodeAlgorithm)
    throw new TypeError(`The hash algorithm must be one of ${Object.keys(HASH_ALGORITHMS).join(', ')}`);
  return createHash(nodeAlgorithm).update(text, 'utf8').digest('hex');
}

function random(seed: number | undefined, sources: ExpressionSources): number {
  return seed === undefined ? sources.random() : seededRandom(seed);
}

function shuffle(items: JsonValue[] | undefined, nextRandom: () => number): JsonValue[] | undefined {
  if (items === undefined) return undefined;
  const rest = [...items];
  const shuffled: JsonValue[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(nextRandom() * rest.length), 1));
  return shuffled;
}

type Formatter = { implementation(this: unknown, millis: number, picture?: string, timezone?: string): string };

function registerNow(expression: Expression, sources: ExpressionSources): void {
  expression.registerFunction(
    'now',
    function (picture?: string, timezone?: string) {
      const formatter = this.environment.lookup('fromMillis') as Formatter;
      return formatter.implementation.call(this, sources.clock.nowMs(), picture, timezone);
    },
    '<s?s?:s>',
  );
}
