import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { createStepFunctionsService } from '../../../local/step-functions/wire.ts';
import { CALLBACK, engineUnderTest } from './engine-under-test.ts';

const principal = { accessKeyId: 'local', secretAccessKey: 'local', principalArn: 'arn:aws:iam::000000000000:root' };

function wireUnderTest(states: JsonObject, type: 'STANDARD' | 'EXPRESS' = 'STANDARD') {
  const tokens: string[] = [];
  const rig = engineUnderTest(async ({ arguments: given }) => {
    tokens.push(String((given as JsonObject)['token']));
    return {};
  });
  const stateMachineArn = rig.create(states, { type });
  const service = createStepFunctionsService(rig.engine);
  const call = (action: string, input: JsonObject) => service.handle({ action, input, principal });
  return { ...rig, stateMachineArn, call, tokens };
}

const pass = { A: { Type: 'Pass', Output: 1, End: true } };

describe('the Step Functions API', () => {
  it('starts, describes and tells the story of an execution in AWS’s shapes', async () => {
    const { call, stateMachineArn, engine } = wireUnderTest(pass);

    const { executionArn, startDate } = await call('StartExecution', {
      stateMachineArn,
      name: 'one',
      input: '{"a":1}',
    });
    await engine.executionDone(String(executionArn));

    expect(startDate).toBe(Date.UTC(2025, 0, 15) / 1000);
    expect(await call('DescribeExecution', { executionArn: String(executionArn) })).toEqual({
      executionArn,
      stateMachineArn,
      name: 'one',
      status: 'SUCCEEDED',
      startDate,
      stopDate: startDate,
      redriveCount: 0,
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '1',
      outputDetails: { included: true },
    });
    expect(
      await call('GetExecutionHistory', { executionArn: String(executionArn), reverseOrder: true, maxResults: 1 }),
    ).toMatchObject({
      events: [
        { id: 4, previousEventId: 3, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '1' } },
      ],
      nextToken: expect.any(String),
    });
  });

  it('gives a history page by page, each event once', async () => {
    const { call, stateMachineArn, engine } = wireUnderTest(pass);
    const { executionArn } = engine.startExecution({ stateMachineArn });
    await engine.executionDone(executionArn);

    const ids: unknown[] = [];
    let nextToken: unknown;
    do {
      const answer = await call('GetExecutionHistory', {
        executionArn,
        maxResults: 3,
        ...(typeof nextToken === 'string' && { nextToken }),
      });
      ids.push(...(answer['events'] as JsonObject[]).map(({ id }) => id));
      nextToken = answer['nextToken'];
    } while (nextToken !== undefined);

    expect(ids).toEqual([1, 2, 3, 4]);
  });

  it('leaves data out of a history on request', async () => {
    const { call, stateMachineArn, engine } = wireUnderTest(pass);
    const { executionArn } = engine.startExecution({ stateMachineArn, input: '{"secret":"x"}' });
    await engine.executionDone(executionArn);

    const answer = await call('GetExecutionHistory', { executionArn, includeExecutionData: false });

    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('lists executions of a status, newest first', async () => {
    const { call, stateMachineArn, start } = wireUnderTest(pass);
    await start(stateMachineArn, {}, 'first');
    await start(stateMachineArn, {}, 'second');

    const { executions } = await call('ListExecutions', { stateMachineArn, statusFilter: 'SUCCEEDED' });

    expect(executions).toMatchObject([{ name: 'second' }, { name: 'first' }]);
    expect(await call('ListExecutions', { stateMachineArn, statusFilter: 'RUNNING' })).toEqual({ executions: [] });
  });

  it('takes a callback and refuses its duplicate', async () => {
    const states = {
      A: { Type: 'Task', Resource: CALLBACK, Arguments: { token: '{% $states.context.Task.Token %}' }, End: true },
    };
    const { call, stateMachineArn, start, tokens } = wireUnderTest(states);
    await start(stateMachineArn);
    const taskToken = tokens[0] ?? '';

    expect(await call('SendTaskSuccess', { taskToken, output: '{}' })).toEqual({});
    await expect(call('SendTaskSuccess', { taskToken, output: '{}' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
      statusCode: 400,
    });
  });

  it('answers a synchronous Express execution as a whole', async () => {
    const { call, stateMachineArn } = wireUnderTest(pass, 'EXPRESS');

    expect(await call('StartSyncExecution', { stateMachineArn })).toMatchObject({
      status: 'SUCCEEDED',
      output: '1',
      executionArn: expect.stringContaining(':express:machine:'),
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'DescribeExecution',
      { executionArn: 'arn:aws:states:ap-southeast-2:000000000000:execution:machine:none' },
      'ExecutionDoesNotExist',
    ],
    [
      'DescribeExecution',
      { executionArn: 'arn:aws:states:ap-southeast-2:000000000000:express:machine:a:b' },
      'InvalidArn',
    ],
    [
      'StartExecution',
      { stateMachineArn: 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:none' },
      'StateMachineDoesNotExist',
    ],
    ['StartExecution', { stateMachineArn: 'nonsense' }, 'InvalidArn'],
    ['StartExecution', {}, 'ValidationException'],
    ['SendTaskSuccess', { taskToken: 'x', output: '{}' }, 'InvalidToken'],
    ['RedriveExecution', {}, 'UnknownOperationException'],
  ])('refuses %s of %j as %s', async (action, input, code) => {
    await expect(wireUnderTest(pass).call(action, input)).rejects.toMatchObject({ code });
  });

  it('says what is wrong with a definition', async () => {
    const { call } = wireUnderTest(pass);

    expect(await call('ValidateStateMachineDefinition', { definition: '{"States":{}}' })).toMatchObject({
      result: 'FAIL',
      diagnostics: [
        { code: 'SCHEMA_VALIDATION_FAILED', location: '/', message: 'These fields are required: [StartAt]' },
      ],
    });
  });
});
