import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import * as errors from '../../domain/errors.ts';
import { holdsSeconds, STAGES } from '../../infra/stages.ts';
import { at, resourceAt, resourcesOf, synthesised } from './synthesis.ts';

type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
};
type State = {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
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
const machines = ['PayoutSubmission', 'PayoutSettlement', 'Reconciliation'].map((name) => {
  const { Properties } = resourceAt(template, 'AWS::StepFunctions::StateMachine', `StateMachines${name}`);
  const definition: Definition = JSON.parse(String(Properties['DefinitionString']));
  return { name, properties: Properties, definition };
});
const states = machines.flatMap(({ name, definition }) =>
  Object.entries(definition.States).map(([stateName, state]) => ({ at: `${name}.${stateName}`, stateName, state })),
);
const tasks = states.filter(({ state }) => state.Type === 'Task');

/** How each integration names what a service answered: optimised ones and those of `aws-sdk:` spell DynamoDB differently. */
const SERVICE_PREFIXES: Readonly<Record<string, string>> = {
  'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken': 'DynamoDb.',
  'arn:aws:states:::dynamodb:getItem': 'DynamoDB.',
  'arn:aws:states:::dynamodb:putItem': 'DynamoDB.',
  'arn:aws:states:::dynamodb:updateItem': 'DynamoDB.',
  'arn:aws:states:::lambda:invoke': 'Lambda.',
  'arn:aws:states:::sns:publish': 'Sns.',
  'arn:aws:states:::states:startExecution': 'StepFunctions.',
};
const SERVICE_ERRORS = new Set([
  'AWSLambdaException',
  'ConditionalCheckFailedException',
  'ExecutionLimitExceededException',
  'InternalServerErrorException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SdkClientException',
  'ServiceException',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const STATES_ERRORS = new Set(['States.ALL', 'States.TaskFailed', 'States.Timeout']);

/** Whether this task can end with an error of this name. Only a Lambda gives the names of our own errors. */
function canEndWith({ Resource: resource = '' }: State, name: string): boolean {
  if (STATES_ERRORS.has(name)) return true;
  const prefix = SERVICE_PREFIXES[resource];
  if (prefix !== undefined && name.startsWith(prefix)) return SERVICE_ERRORS.has(name.slice(prefix.length));
  return resource === 'arn:aws:states:::lambda:invoke' && Object.hasOwn(errors, name);
}

describe('the state machines', () => {
  it.each(machines)('$name is a definition that AWS takes', ({ definition }) => {
    expect(aslValidator(definition).errorsText()).toBe('');
  });

  it.each(machines)(
    '$name gives every placeholder that it leaves to CloudFormation, and no other',
    ({ properties }) => {
      const used = new Set(
        [...String(properties['DefinitionString']).matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name),
      );
      expect(Object.keys(Object(properties['DefinitionSubstitutions'])).toSorted()).toEqual([...used].toSorted());
    },
  );

  it.each(machines)('$name logs every event with its data', ({ properties }) => {
    expect(properties['LoggingConfiguration']).toMatchObject({ IncludeExecutionData: true });
  });

  it('are an Express submission, a Standard guard and a Standard reconciliation under their physical names', () => {
    const kinds = machines.map(({ properties }) => [properties['StateMachineName'], properties['StateMachineType']]);
    expect(kinds).toEqual([
      ['payouts-dev-submission', 'EXPRESS'],
      ['payouts-dev-settlement', 'STANDARD'],
      ['payouts-dev-reconciliation', 'STANDARD'],
    ]);
  });

  it.each(states)('$at says why it is there', ({ state }) => {
    expect(state.Comment ?? '').toMatch(/\w{3}.*\.$/);
  });

  it.each(tasks)('$at expects errors that it can end with', ({ state }) => {
    const names = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(names.filter((name) => !canEndWith(state, name))).toEqual([]);
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
      Object.keys(Object(args[key])),
    );
    expect(declared.toSorted()).toEqual([...used].toSorted());
  });

  it.each(tasks.filter(({ state }) => state.Resource?.endsWith('dynamodb:getItem')))(
    '$at reads what is true now',
    ({ state }) => {
      expect(state.Arguments).toMatchObject({ ConsistentRead: true });
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
        const placeholder = String(state.Arguments?.['FunctionName']).slice(2, -1);
        const aliasId = String(at(properties, 'DefinitionSubstitutions', placeholder, 'Ref'));
        const functionId = at(template.Resources[aliasId], 'Properties', 'FunctionName', 'Ref');
        expect(state.TimeoutSeconds).toBeGreaterThanOrEqual(Number(timeouts.get(String(functionId))));
      }
    }
  });

  it.each(Object.values(STAGES))('keep the time that the stage $name gives the submission', (other) => {
    const [submission] = machines;
    expect(submission?.definition.TimeoutSeconds).toBe(other.timers.expressMs / 1000);
  });

  it('let the guard live longer than all its waits and all its holds', () => {
    const patience = stage.timers.settlementWaitsSeconds.reduce((sum, wait) => sum + wait, 0);
    expect(machines[1]?.definition.TimeoutSeconds).toBeGreaterThan(patience + holdsSeconds(stage.timers.holds));
  });

  it('write JSONata throughout', () => {
    expect(machines.map(({ definition }) => definition.QueryLanguage)).toEqual(['JSONata', 'JSONata', 'JSONata']);
  });
});
