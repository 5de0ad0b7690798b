import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { InvalidDefinition } from '../../../local/step-functions/errors.ts';
import { CALLBACK, definitionOf, engineUnderTest, FUNCTION_ARN, outputOf } from './engine-under-test.ts';

const end = { Type: 'Pass', End: true };

function reasonsOf(definition: string, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string[] {
  return engineUnderTest()
    .engine.validateDefinition(definition, type)
    .map(({ code, message, location }) => `${code}: ${message} at ${location ?? 'null'}`);
}

describe('a definition that AWS refuses is refused in its words', () => {
  it.each<[string, JsonObject, string]>([
    [
      'a field of JSONPath',
      { A: { ...end, InputPath: '$.a' } },
      "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
    ],
    [
      'a field of another state type',
      { A: { ...end, TimeoutSeconds: 5 } },
      "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/A",
    ],
    [
      'a target that does not exist',
      { A: { Type: 'Pass', Next: 'Nope' }, B: end },
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /States/A/Next",
    ],
    [
      'a state that nothing leads to',
      { A: end, B: end },
      'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
    ],
    [
      'a workflow without an end',
      { A: { Type: 'Pass', Next: 'A' } },
      'MISSING_END_STATE: Workflow has no terminal state at null',
    ],
    [
      'an expression that does not parse',
      { A: { ...end, Output: '{% 1 + %}' } },
      'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output',
    ],
    [
      'a name at the top level',
      { A: { ...end, Output: { v: '{% phone %}' } } },
      "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/v",
    ],
    [
      'a number out of range',
      {
        A: {
          Type: 'Task',
          Resource: FUNCTION_ARN,
          TimeoutSeconds: 5,
          Retry: [{ ErrorEquals: ['X'], MaxAttempts: -1 }],
          End: true,
        },
      },
      'SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/Retry[0]/MaxAttempts',
    ],
    [
      'a strategy that AWS does not know',
      {
        A: { Type: 'Task', Resource: FUNCTION_ARN, Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'HALF' }], End: true },
      },
      'SCHEMA_VALIDATION_FAILED: Value should be one of the following: [FULL, NONE] at /States/A/Retry[0]/JitterStrategy',
    ],
    [
      'a required field that is missing',
      { A: { Type: 'Task', End: true } },
      'SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/A',
    ],
    [
      'a state type that does not exist',
      { A: { Type: 'Loop', End: true } },
      'SCHEMA_VALIDATION_FAILED: Value should be one of the following: [Pass, Succeed, Fail, Wait, Choice, Task, Map, Parallel] at /States/A/Type',
    ],
  ])('%s', (_name, states, reason) => {
    expect(reasonsOf(definitionOf(states))).toContain(reason);
  });

  it.each<[string, string]>([
    ['$states.errorOutput outside a catcher', '{% $states.errorOutput %}'],
    ['$states.result in a state without one', '{% $states.result %}'],
    ['$$, for there is no document', '{% $map([1], function($v) { $$ }) %}'],
    ['$ at the top level', '{% $.total %}'],
  ])('%s', (_name, Output) => {
    expect(reasonsOf(definitionOf({ A: { ...end, Output } }))).toHaveLength(1);
  });

  it('lets an expression use names and $ where they mean what a step or predicate looks at', () => {
    const Output = '{% ($x := $states.input.items[price > 1 and $.kind = "a"]; $x.(price * 2) ~> $sum) %}';

    expect(reasonsOf(definitionOf({ A: { ...end, Output } }))).toEqual([]);
  });

  it('says States.ALL must stand alone and last', () => {
    const Catch = [
      { ErrorEquals: ['States.ALL'], Next: 'B' },
      { ErrorEquals: ['Late'], Next: 'B' },
    ];

    expect(reasonsOf(definitionOf({ A: { Type: 'Task', Resource: FUNCTION_ARN, Catch, Next: 'B' }, B: end }))).toEqual([
      "SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone in the last element at /States/A/Catch[0]/ErrorEquals",
    ]);
  });

  it('refuses a task token in an Express machine', () => {
    const states = { A: { Type: 'Task', Resource: CALLBACK, Arguments: {}, End: true } };

    expect(reasonsOf(definitionOf(states), 'EXPRESS')).toEqual([
      "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource",
    ]);
  });
});

describe('a definition that is not run here is refused by name', () => {
  it.each<[string, JsonObject, string, string]>([
    ['Map', { A: { Type: 'Map', End: true } }, '/States/A/Type', "State 'A': Type 'Map'"],
    ['Parallel', { A: { Type: 'Parallel', End: true } }, '/States/A/Type', "State 'A': Type 'Parallel'"],
    [
      'an activity',
      { A: { Type: 'Task', Resource: 'arn:aws:states:ap-southeast-2:000000000000:activity:x', End: true } },
      '/States/A/Resource',
      "State 'A': Resource",
    ],
    [
      'a job that is waited for',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', End: true } },
      '/States/A/Resource',
      "State 'A': Resource",
    ],
    [
      'a service without a local twin',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', End: true } },
      '/States/A/Resource',
      "State 'A': Resource",
    ],
    [
      'a callback that AWS does not offer',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem.waitForTaskToken', End: true } },
      '/States/A/Resource',
      "State 'A': Resource",
    ],
    [
      'foreign credentials',
      { A: { Type: 'Task', Resource: FUNCTION_ARN, Credentials: { RoleArn: 'x' }, End: true } },
      '/States/A/Credentials',
      "State 'A': Credentials",
    ],
  ])('%s', (_name, states, location, what) => {
    const [diagnostic] = engineUnderTest().engine.validateDefinition(definitionOf(states), 'STANDARD');

    expect(diagnostic).toMatchObject({ code: 'NOT_RUN_LOCALLY', location, message: expect.stringContaining(what) });
  });

  it('throws one error that names each state and field', () => {
    const { create } = engineUnderTest();
    const states = { A: { Type: 'Map', Next: 'B' }, B: { Type: 'Parallel', End: true } };

    expect(() => create(states)).toThrow(InvalidDefinition);
    expect(() => create(states)).toThrow(/\/States\/A\/Type.*\/States\/B\/Type/s);
  });

  it('refuses each field of JSONPath that reads or shapes data', () => {
    const states = { A: { Type: 'Pass', Parameters: { 'x.$': '$.y' }, End: true } };
    const [diagnostic] = engineUnderTest().engine.validateDefinition(
      JSON.stringify({ StartAt: 'A', States: states }),
      'STANDARD',
    );

    expect(diagnostic).toMatchObject({ code: 'NOT_RUN_LOCALLY', location: '/States/A/Parameters' });
  });
});

it('runs a JSONPath state whose fields mean the same in JSONata', async () => {
  const { engine, runToEnd } = engineUnderTest();
  const stateMachineArn = engine.createStateMachine({
    name: 'plain',
    type: 'STANDARD',
    roleArn: 'role',
    definition: JSON.stringify({
      StartAt: 'A',
      States: { A: { Type: 'Wait', Seconds: 5, Next: 'B' }, B: { Type: 'Succeed' } },
    }),
  });

  const record = await runToEnd(engine.startExecution({ stateMachineArn, input: '{"kept":1}' }));

  expect(outputOf(record)).toEqual({ kept: 1 });
});
