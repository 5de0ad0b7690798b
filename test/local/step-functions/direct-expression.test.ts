import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { freeze } from '../../../local/step-functions/data.ts';
import { NOT_DIRECT } from '../../../local/step-functions/direct-values.ts';
import { compileExpression, type Expression } from '../../../local/step-functions/jsonata.ts';

const sources = { clock: { nowMs: () => 0, after: () => () => undefined }, newId: () => 'id', random: () => 0.5 };
const compile = (source: string): Expression => compileExpression(source, sources);
const bindingsOf = (variables: Readonly<Record<string, JsonValue>>, input: JsonValue) => ({
  states: freeze({ input, context: {} }),
  variables: freeze(variables),
});

/** What jsonata itself answers; its errors have no answer. */
async function slowly(expression: Expression, bindings: ReturnType<typeof bindingsOf>): Promise<unknown> {
  return expression.evaluate(bindings).catch((error: unknown) => error);
}

const numbers = fc.oneof(fc.integer({ min: -3, max: 70 }), fc.constantFrom(0.5, 1e21, 2 ** 53, -0));
const texts = fc.constantFrom(
  '',
  'a',
  'Pending',
  'true',
  '2026-11-23T00:30:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '10',
  '-07',
  '0x10',
);
const plain = fc.oneof(numbers, texts, fc.boolean(), fc.constant(null));
const values: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    plain,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'length'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Texts of expressions as state machines have them, with operands that fit and operands that do not. */
const expressions: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => {
  const one = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'large' },
      fc.oneof(fc.nat(70).map(String), fc.constantFrom('0.5', '"Pending"', '""', 'true', 'null')),
      fc.constantFrom(
        '$a',
        '$b',
        '$a.a',
        '$b.a.b',
        '$states.input.a',
        '$states.input.b.a',
        '$nobody',
        '$a.length',
        '$count',
      ),
      fc
        .tuple(
          one,
          fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '&', 'and', 'or', 'in'),
          one,
        )
        .map(([left, sign, right]) => `(${left}) ${sign} ${right}`),
      fc
        .tuple(
          fc.constantFrom(
            'exists',
            'string',
            'number',
            'not',
            'count',
            'floor',
            'min',
            'merge',
            'toMillis',
            'fromMillis',
          ),
          one,
        )
        .map(([name, given]) => `$${name}(${given})`),
      fc.tuple(one, one, one).map(([asked, yes, no]) => `${asked} ? ${yes} : ${no}`),
      fc.tuple(one, one).map(([first, second]) => `[${first}, ${second}]`),
      fc.tuple(one, one).map(([first, second]) => `[${first}, ${second}, 7][${second}]`),
      fc.tuple(one, one).map(([first, second]) => `$merge([{"a": ${first}}, {"b": ${second}}])`),
      fc.tuple(one, one).map(([first, second]) => `$min([${first}, ${second}])`),
      one.map((inner) => `{"a": ${inner}, "c": 1}`),
      one.map((inner) => `-${inner}`),
      one.map((inner) => `$lookup({"a": 1, "Pending": $a}, ${inner})`),
    ),
  };
}).expression;

describe('an expression that is evaluated at once', () => {
  it('never answers otherwise than jsonata', async () => {
    let direct = 0;
    await fc.assert(
      fc.asyncProperty(expressions, values, values, values, async (source, a, b, input) => {
        const expression = compileOrNothing(source);
        const bindings = bindingsOf({ a, b }, input);
        const answer = expression?.evaluateNow?.(bindings);
        if (!expression?.evaluateNow || answer === NOT_DIRECT) return;
        direct += 1;
        expect({ source, answer }).toStrictEqual({ source, answer: await slowly(expression, bindings) });
      }),
      { numRuns: 2_000, seed: 41 },
    );
    expect(direct).toBeGreaterThan(300);
  });

  it.each([
    ['$a', { a: 1 }, 1],
    ['$a.b', { a: { b: [1] } }, [1]],
    ['$a.status = "Pending"', { a: { status: 'Pending' } }, true],
    ['$a ? [60, 120][$b] : $min([30 * $b, 300])', { a: true, b: 1 }, 120],
    ['$fromMillis($toMillis($a) + 1000 * 15)', { a: '2026-11-23T00:30:00.000Z' }, '2026-11-23T00:30:15.000Z'],
    [
      '$merge([$a, {"incomplete": [$a.incomplete, "broke off: " & $b]}])',
      { a: { incomplete: ['x'] }, b: 'E' },
      { incomplete: ['x', 'broke off: E'] },
    ],
  ])('is %s', (source, variables, expected) => {
    expect(compile(source).evaluateNow?.(bindingsOf(variables as never, {}))).toEqual(expected);
  });

  it.each([
    '$a[0]',
    '$a.b[]',
    '$states',
    '$uuid()',
    '$random()',
    '$parse($a)',
    '($a; $b)',
    '$a.*',
    '$a ~> $count',
    '{$a: 1}',
    '{"x": 1, "x": 2}',
  ])('is not %s', (source) => {
    expect(compile(source).evaluateNow).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, JsonValue>>]>([
    ['$a + 1', { a: 'text' }],
    ['$a.b', { a: [{ b: 1 }] }],
    ['$a = $b', { a: {}, b: {} }],
    ['$count(1)', { count: 1 }],
    ['$not($a)', { a: 'text' }],
    ['1 / $a', { a: 0 }],
  ])('leaves %s of such values to jsonata', (source, variables) => {
    expect(compile(source).evaluateNow?.(bindingsOf(variables, {}))).toBe(NOT_DIRECT);
  });
});

/** Some texts of the generator are refused by the parser, e.g. two equal keys. */
function compileOrNothing(source: string): Expression | undefined {
  try {
    return compile(source);
  } catch {
    return undefined;
  }
}
