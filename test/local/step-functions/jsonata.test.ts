import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../local/json.ts';
import { engineUnderTest, outputOf } from './engine-under-test.ts';

/** What a Pass state's Output becomes. */
async function evaluate(Output: JsonValue, input: JsonValue = {}): Promise<JsonValue> {
  const record = await engineUnderTest().run({ A: { Type: 'Pass', Output, End: true } }, input);
  if (record.status === 'FAILED') return { error: record.error ?? null, cause: record.cause ?? null };
  return outputOf(record);
}

describe("Step Functions' own functions", () => {
  it.each<[string, JsonValue]>([
    ['$parse(\'{"a":[1,{"b":null}]}\')', { a: [1, { b: null }] }],
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 6, 2)', [0, 2, 4, 6]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('input', 'SHA-1')", '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
    ['$random(42)', 0.7275636800328681],
    ['$random()', 0.5],
    ['$uuid()', 'id-2'],
    ['$now()', '2025-01-15T00:00:00.000Z'],
    ['$millis()', Date.UTC(2025, 0, 15)],
    ['$shuffle([1,2,3])', [2, 3, 1]],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(`{% ${expression} %}`)).toEqual(expected);
  });

  it('has no $eval', async () => {
    expect(await evaluate("{% $eval('1') %}")).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('threw an error during evaluation. T1006: Attempted to invoke a non-function'),
    });
  });
});

describe('evaluation', () => {
  it.each<[string, JsonValue, JsonValue, JsonValue]>([
    ['keeps a list of one as it is', '{% $states.input.a %}', { a: [7] }, [7]],
    ['unwraps what a path selects once', '{% $states.input.a[n = 1] %}', { a: [{ n: 1 }] }, { n: 1 }],
    ['keeps what [] asks to be a list', '{% $states.input.a[n = 1][] %}', { a: [{ n: 1 }] }, [{ n: 1 }]],
    ['keeps what [] asks to be a list where it is one already', '{% $states.input.a[] %}', { a: [7] }, [7]],
    ['keeps null', { v: '{% $states.input.a %}' }, { a: null }, { v: null }],
    ['takes a blank outside the marks as text', ' {% 1 %}', {}, ' {% 1 %}'],
    ['names a number that JSON cannot hold', '{% [1/0] %}', {}, ['Infinity']],
    ['reaches into lists and objects', { a: ['{% 1 + 1 %}', { b: '{% "x" & "y" %}' }] }, {}, { a: [2, { b: 'xy' }] }],
  ])('%s', async (_name, Output, input, expected) => {
    expect(await evaluate(Output, input)).toEqual(expected);
  });

  it.each<[string, JsonValue, string]>([
    ['Output/v', { v: '{% $states.input.nothing %}' }, 'Output/v'],
    ['Output/a[1]/b', { a: [0, { b: '{% $nothing %}' }] }, 'Output/a[1]/b'],
  ])('names the place %s of what returned nothing', async (_name, Output, path) => {
    expect(await evaluate(Output)).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(
        new RegExp(
          `^An error occurred while executing the state 'A' \\(entered at the event id #2\\)\\. The JSONata expression '.*' specified for the field '${path.replace('[', '\\[')}' returned nothing \\(undefined\\)\\.$`,
        ),
      ),
    });
  });

  it('ends an expression without end', async () => {
    expect(await evaluate('{% ($f := function($x) { 1 + $f($x) }; $f(1)) %}')).toMatchObject({
      cause: expect.stringContaining('Stack overflow error'),
    });
  });
});

describe('variables', () => {
  it('are read as they were at entry by Assign and Output alike', async () => {
    const states: JsonObject = {
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $x + 1 %}', y: '{% $x %}' }, Output: '{% $x %}', Next: 'C' },
      C: { Type: 'Pass', Output: { before: '{% $states.input %}', x: '{% $x %}', y: '{% $y %}' }, End: true },
    };

    expect(outputOf(await engineUnderTest().run(states))).toEqual({ before: 1, x: 2, y: 1 });
  });

  it('never share what a later state makes of them', async () => {
    const states: JsonObject = {
      A: { Type: 'Pass', Assign: { list: '{% $states.input.list %}' }, Next: 'B' },
      B: { Type: 'Pass', Output: '{% $append($sort($list), [9])[] %}', Next: 'C' },
      C: { Type: 'Pass', Output: '{% [$list, $states.input] %}', End: true },
    };

    expect(outputOf(await engineUnderTest().run(states, { list: [3, 1] }))).toEqual([3, 1, 1, 3, 9]);
  });

  it('shows the context as AWS does', async () => {
    const record = await engineUnderTest().run(
      { A: { Type: 'Pass', Output: '{% $states.context %}', End: true } },
      { i: 1 },
    );

    expect(outputOf(record)).toEqual({
      Execution: {
        Id: 'arn:aws:states:ap-southeast-2:000000000000:execution:machine:id-1',
        Input: { i: 1 },
        Name: 'id-1',
        RoleArn: 'arn:aws:iam::000000000000:role/machine',
        StartTime: '2025-01-15T00:00:00.000Z',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:machine', Name: 'machine' },
      State: { Name: 'A', EnteredTime: '2025-01-15T00:00:00.000Z' },
    });
  });
});
