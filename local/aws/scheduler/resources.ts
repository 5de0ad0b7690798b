import type { JsonObject, JsonValue } from '../../json.ts';
import {
  type Identity,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../resource-type.ts';
import type { Scheduler } from './scheduler.ts';
import { parseTiming } from './timing.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html */
export const resourceTypes: ResourceTypes<{ scheduler: Pick<Scheduler, 'add'> }> = {
  'AWS::Scheduler::Schedule': {
    identity: scheduleIdentity,
    create: createSchedule,
    known: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'FlexibleTimeWindow', 'State', 'Target'],
    inert: { Description: 'nothing here reads it' },
  },
};

/** Of a target: `RetryPolicy` has no effect here, since a start within one process fails for good or not at all. */
const TARGET_MEMBERS: readonly string[] = ['Arn', 'RoleArn', 'Input', 'RetryPolicy'];

function scheduleIdentity(logicalId: string, properties: JsonObject, { region, accountId }: Placement): Identity {
  const name = physicalName(logicalId, properties['Name']);
  const Arn = `arn:aws:scheduler:${region}:${accountId}:schedule/default/${name}`;
  return { ref: name, attributes: { Arn } };
}

function createSchedule(
  { logicalId, properties, ref }: TemplateResource,
  { scheduler }: { scheduler: Pick<Scheduler, 'add'> },
): void {
  const { ScheduleExpression, ScheduleExpressionTimezone = 'UTC', FlexibleTimeWindow, State, Target } = properties;
  const target = objectOf(Target);
  const unknown = Object.keys(target).filter((member) => !TARGET_MEMBERS.includes(member));
  if (unknown.length > 0) throw new UnsupportedResource(`${logicalId}: Target.${unknown.join(', ')} is not run here`);
  if (objectOf(FlexibleTimeWindow)['Mode'] !== 'OFF') {
    throw new UnsupportedResource(`${logicalId}: a schedule with a flexible time window is not run here`);
  }
  const { Arn, RoleArn, Input = '{}' } = target;
  if (typeof Arn !== 'string' || !/:stateMachine:|:function:/.test(Arn)) {
    throw new UnsupportedResource(`${logicalId}: only state machines and functions are started by schedules here`);
  }
  const timing = parseTiming(logicalId, String(ScheduleExpression), String(ScheduleExpressionTimezone));
  if (State === 'DISABLED') return;
  scheduler.add(timing, { name: ref, targetArn: Arn, roleArn: String(RoleArn), input: String(Input) });
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
