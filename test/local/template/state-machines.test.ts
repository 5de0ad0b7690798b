import { describe, expect, it } from 'vitest';
import { ShiftableClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/json.ts';
import { createStepFunctions, type StepFunctions } from '../../../local/step-functions/engine.ts';
import { resourceTypes } from '../../../local/template/state-machines.ts';

const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
const ARN = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:greeter';

function engine(): StepFunctions {
  const { accountId, region } = PLACE;
  const runTask = () => Promise.reject(new Error('no task is run'));
  return createStepFunctions({
    clock: new ShiftableClock(),
    newId: () => 'id',
    random: () => 0,
    runTask,
    accountId,
    region,
  });
}

function create(stepFunctions: StepFunctions, type: string, properties: JsonObject): string {
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no resource type ${type}`);
  const identity = resourceType.identity('It', properties, PLACE);
  void resourceType.create({ logicalId: 'It', type, properties, ...identity }, { stepFunctions });
  return identity.ref;
}

/** As CDK writes it: one text, with placeholders that CloudFormation fills. */
const MACHINE = {
  StateMachineName: 'greeter',
  StateMachineType: 'EXPRESS',
  RoleArn: 'arn:aws:iam::000000000000:role/Greeter',
  DefinitionString: JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Greet',
    States: { Greet: { Type: 'Pass', Output: '{% "${Greeting} " & "${Other}" %}', End: true } },
  }),
  DefinitionSubstitutions: { Greeting: 'hello' },
};

describe('the Step Functions resource types', () => {
  it('run a machine whose placeholders are filled, and leave what is no placeholder', async () => {
    const stepFunctions = engine();
    const arn = create(stepFunctions, 'AWS::StepFunctions::StateMachine', MACHINE);

    const { output } = await stepFunctions.startSyncExecution({ stateMachineArn: arn, input: '{}' });

    expect(arn).toBe(ARN);
    expect(output).toBe('"hello ${Other}"');
  });

  it('run a machine by its version and by its alias', async () => {
    const stepFunctions = engine();
    create(stepFunctions, 'AWS::StepFunctions::StateMachine', MACHINE);
    const version = create(stepFunctions, 'AWS::StepFunctions::StateMachineVersion', { StateMachineArn: ARN });
    const alias = create(stepFunctions, 'AWS::StepFunctions::StateMachineAlias', {
      Name: 'live',
      RoutingConfiguration: [{ StateMachineVersionArn: version, Weight: 100 }],
    });

    expect([version, alias]).toEqual([`${ARN}:1`, `${ARN}:live`]);
    expect((await stepFunctions.startSyncExecution({ stateMachineArn: alias })).status).toBe('SUCCEEDED');
  });

  it('publish to the log group of the template, with or without data', () => {
    const stepFunctions = engine();
    const logGroup = 'arn:aws:logs:ap-southeast-2:000000000000:log-group:/aws/vendedlogs/states/greeter:*';
    create(stepFunctions, 'AWS::StepFunctions::StateMachine', {
      ...MACHINE,
      LoggingConfiguration: {
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: logGroup } }],
        Level: 'ALL',
        IncludeExecutionData: true,
      },
    });

    expect(stepFunctions.describeStateMachine(ARN).logging).toEqual({
      logGroupName: '/aws/vendedlogs/states/greeter',
      level: 'ALL',
      includeExecutionData: true,
    });
  });

  it('refuse a machine whose definition lies in a bucket', () => {
    const { DefinitionString: _text, ...machine } = MACHINE;

    expect(() => create(engine(), 'AWS::StepFunctions::StateMachine', machine)).toThrow(/^It: its definition/);
  });
});
