import { expect, it } from 'vitest';
import { engineUnderTest } from './engine-under-test.ts';

const states = { A: { Type: 'Fail', Error: 'Declined', Cause: 'no funds' } };
const logGroupName = '/aws/vendedlogs/states/submission';

it('publishes the events of an Express execution in the shape that AWS vends', async () => {
  const { run, logs } = engineUnderTest();

  const { executionArn } = await run(states, { a: 1 }, { type: 'EXPRESS', logGroupName, includeExecutionData: true });

  expect(logs[0]).toEqual({
    logGroupName,
    stateMachineArn: 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:machine',
    timestampMs: Date.UTC(2025, 0, 15),
    event: {
      id: '1',
      type: 'ExecutionStarted',
      details: {
        input: '{"a":1}',
        inputDetails: { truncated: false },
        roleArn: 'arn:aws:iam::000000000000:role/machine',
      },
      previous_event_id: '0',
      event_timestamp: '1736899200000',
      execution_arn: executionArn,
    },
  });
  expect(logs.map(({ event }) => event['type'])).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
});

it.each([
  ['ALL', ['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']],
  ['ERROR', ['ExecutionFailed']],
  ['FATAL', ['ExecutionFailed']],
  ['OFF', []],
] as const)('keeps to the level %s', async (logLevel, types) => {
  const { run, logs } = engineUnderTest();

  await run(states, {}, { type: 'EXPRESS', logGroupName, logLevel });

  expect(logs.map(({ event }) => event['type'])).toEqual(types);
});

it('leaves data out unless it is asked for', async () => {
  const { run, logs } = engineUnderTest();

  await run(
    { A: { Type: 'Pass', Assign: { secret: 'x' }, End: true } },
    { secret: 'x' },
    { type: 'EXPRESS', logGroupName },
  );

  expect(JSON.stringify(logs)).not.toContain('"x"');
  expect(JSON.stringify(logs)).not.toContain('secret');
});
