import { describe, expect, it } from 'vitest';
import { resourceTypes } from '../../../../local/aws/scheduler/resources.ts';
import { type ScheduledStart, Scheduler } from '../../../../local/aws/scheduler/scheduler.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { ManualClock } from '../../../conformance/manual-clock.ts';

const MACHINE = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:nightly';
const ROLE = 'arn:aws:iam::000000000000:role/nightly';
const DAY_MS = 86_400_000;

const properties: JsonObject = {
  Name: 'nightly',
  ScheduleExpression: 'cron(30 5 * * ? *)',
  ScheduleExpressionTimezone: 'Australia/Sydney',
  FlexibleTimeWindow: { Mode: 'OFF' },
  State: 'ENABLED',
  Target: { Arn: MACHINE, RoleArn: ROLE, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 3 } },
};

function deploy(changes: JsonObject = {}, failure?: Error) {
  const clock = new ManualClock();
  const started: ScheduledStart[] = [];
  const failures: unknown[] = [];
  const scheduler = new Scheduler({
    clock,
    start: async (start) => {
      started.push(start);
      if (failure) throw failure;
    },
    onFailure: (error) => failures.push(error),
  });
  const resource = { logicalId: 'Nightly', type: 'AWS::Scheduler::Schedule', ref: 'nightly', attributes: {} };
  void resourceTypes['AWS::Scheduler::Schedule']?.create(
    { ...resource, properties: { ...properties, ...changes } },
    { scheduler },
  );
  return { clock, started, failures };
}

describe('a schedule of the template', () => {
  it('starts its machine every day, as its role and with its input', () => {
    const { clock, started } = deploy();
    const firstAtMs = clock.fireNext() && clock.nowMs();
    clock.fireNext();
    clock.fireNext();
    expect(clock.nowMs() - Number(firstAtMs)).toBe(2 * DAY_MS);
    const start = { name: 'nightly', targetArn: MACHINE, roleArn: ROLE, input: '{"a":1}' };
    expect(started).toEqual([start, start, start]);
  });

  it('starts what it is told to every so often, from its making on', () => {
    const { clock, started } = deploy({ ScheduleExpression: 'rate(15 minutes)' });
    const beganMs = clock.nowMs();
    for (let times = 0; times < 3; times++) clock.fireNext();
    expect(clock.nowMs() - beganMs).toBe(45 * 60_000);
    expect(started.length).toBe(3);
  });

  it('goes on after a start that failed', async () => {
    const { clock, started, failures } = deploy({}, new Error('refused'));
    clock.fireNext();
    clock.fireNext();
    await new Promise(setImmediate);
    expect([started.length, failures.length]).toEqual([2, 2]);
  });

  it('starts nothing while it is disabled', () => {
    const { clock } = deploy({ State: 'DISABLED' });
    expect(clock.fireNext()).toBe(false);
  });

  it.each([
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }, 'flexible'],
    [{ Target: { Arn: 'arn:aws:sqs:ap-southeast-2:000000000000:queue', RoleArn: ROLE } }, 'state machines'],
    [{ Target: { Arn: MACHINE, RoleArn: ROLE, SqsParameters: {} } }, 'Target.SqsParameters'],
    [{ ScheduleExpression: 'rate(0 minutes)' }, 'only cron'],
  ])('is refused by name where it is not run here: %j', (changes, words) => {
    expect(() => deploy(changes as JsonObject)).toThrow(words);
  });
});
