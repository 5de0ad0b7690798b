import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../infra/stages.ts';
import { resourceAt, resourcesOf, synthesised } from './synthesis.ts';

type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
};
type State = {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  // biome-ignore lint/suspicious/noExplicitAny: arguments differ by integration.
  readonly Arguments?: any;
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Default?: string;
};
type Definition = {
  readonly QueryLanguage: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
};

const stage = STAGES.dev;
const template = synthesised(stage);
const machines = ['PayoutSubmission', 'PayoutSettlement'].map((name) => {
  const { Properties } = resourceAt(template, 'AWS::StepFunctions::StateMachine', `StateMachines${name}`);
  const definition: Definition = JSON.parse(Properties['DefinitionString']);
  return { name, properties: Properties, definition };
});
const states = machines.flatMap(({ name, definition }) =>
  Object.entries(definition.States).map(([stateName, state]) => ({ at: `${name}.${stateName}`, stateName, state })),
);
const tasks = states.filter(({ state }) => state.Type === 'Task');

/** Names that AWS or our functions really give. `DynamoDB.` comes from optimised tasks, `DynamoDb.` from `aws-sdk:` ones. */
const KNOWN_ERRORS = new Set([
  'DestinationUnusableError',
  'DynamoDB.ConditionalCheckFailedException',
  'DynamoDB.InternalServerErrorException',
  'DynamoDB.ProvisionedThroughputExceededException',
  'DynamoDB.RequestLimitExceeded',
  'DynamoDB.SdkClientException',
  'DynamoDB.ThrottlingException',
  'DynamoDb.ConditionalCheckFailedException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ServiceException',
  'Lambda.TooManyRequestsException',
  'MonoovaThrottledError',
  'MonoovaUnreachableError',
  'PayoutConflictError',
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.SdkClientException',
  'StepFunctions.ThrottlingException',
]);

describe('the state machines', () => {
  it.each(machines)('$name is a definition that AWS takes', ({ definition }) => {
    expect(aslValidator(definition).errorsText()).toBe('');
  });

  it.each(machines)(
    '$name gives every placeholder that it leaves to CloudFormation, and no other',
    ({ properties }) => {
      const used = new Set([...properties['DefinitionString'].matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name));
      expect(Object.keys(properties['DefinitionSubstitutions']).toSorted()).toEqual([...used].toSorted());
    },
  );

  it.each(machines)('$name logs every event with its data, encrypted, and is traced', ({ properties }) => {
    expect(properties['LoggingConfiguration']).toMatchObject({ IncludeExecutionData: true, Level: 'ALL' });
    expect(properties['TracingConfiguration']).toEqual({ Enabled: true });
  });

  it('are an Express submission and a Standard guard under their physical names', () => {
    const kinds = machines.map(({ properties }) => [properties['StateMachineName'], properties['StateMachineType']]);
    expect(kinds).toEqual([
      ['payouts-dev-submission', 'EXPRESS'],
      ['payouts-dev-settlement', 'STANDARD'],
    ]);
  });

  it.each(states)('$at says why it is there', ({ state }) => {
    expect(state.Comment ?? '').toMatch(/\w{3}.*\.$/);
  });

  it.each(tasks)('$at has an end in time', ({ state }) => {
    expect(state.TimeoutSeconds).toSatisfy((seconds: unknown) => typeof seconds === 'string' || Number(seconds) > 0);
  });

  it.each(tasks)('$at catches what is left, and expects errors that exist', ({ state }) => {
    const names = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(names.filter((name) => !KNOWN_ERRORS.has(name))).toEqual([]);
    expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  });

  it.each(tasks)('$at retries a bounded number of times with a bounded delay', ({ state }) => {
    for (const retrier of state.Retry ?? []) {
      expect(retrier.MaxAttempts).toBeLessThanOrEqual(8);
      if (retrier.MaxAttempts > 0) expect(retrier.MaxDelaySeconds).toBeLessThanOrEqual(300);
    }
  });

  it.each(tasks)('$at names in expressions exactly what it declares', ({ state }) => {
    const args = state.Arguments ?? {};
    const expressions = ['ProjectionExpression', 'ConditionExpression', 'UpdateExpression'].map(
      (key) => args[key] ?? '',
    );
    const used = new Set(expressions.join(' ').match(/[#:]\w+/g) ?? []);
    const declared = ['ExpressionAttributeNames', 'ExpressionAttributeValues'].flatMap((key) =>
      Object.keys(args[key] ?? {}),
    );
    expect(declared.toSorted()).toEqual([...used].toSorted());
  });

  it.each(tasks.filter(({ stateName }) => stateName === 'SubmitPayment'))(
    '$at repeats only what is proven unreceived',
    ({ state }) => {
      const repeated = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(repeated.toSorted()).toEqual(['MonoovaThrottledError', 'MonoovaUnreachableError']);
    },
  );

  it.each(states.filter(({ state }) => state.Type === 'Choice'))('$at knows what to do otherwise', ({ state }) => {
    expect(state.Default).toBeTypeOf('string');
  });

  it('let no task end before the function that it runs', () => {
    const timeouts = new Map(
      resourcesOf(template, 'AWS::Lambda::Function').map(({ logicalId, Properties }) => [
        logicalId,
        Properties['Timeout'],
      ]),
    );
    for (const { properties, definition } of machines) {
      for (const state of Object.values(definition.States).filter(({ Resource }) => Resource?.includes('lambda'))) {
        const placeholder = String(state.Arguments.FunctionName).slice(2, -1);
        const functionId = properties['DefinitionSubstitutions'][placeholder]['Fn::GetAtt'][0];
        expect(state.TimeoutSeconds).toBeGreaterThanOrEqual(timeouts.get(functionId));
      }
    }
  });

  it.each(Object.values(STAGES))('keep the time that the stage $name gives the submission', (other) => {
    const [submission] = machines;
    expect(submission?.definition.TimeoutSeconds).toBe(other.timers.expressMs / 1000);
  });

  it('let the guard live longer than all its waits', () => {
    const patience = stage.timers.settlementWaitsSeconds.reduce((sum, wait) => sum + wait, 0);
    expect(machines[1]?.definition.TimeoutSeconds).toBeGreaterThan(patience);
  });

  it('write JSONata throughout', () => {
    expect(machines.map(({ definition }) => definition.QueryLanguage)).toEqual(['JSONata', 'JSONata']);
  });
});
