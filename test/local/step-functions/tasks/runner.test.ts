import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/wire.ts';
import type { JsonObject, JsonValue } from '../../../../local/json.ts';
import type { LambdaAnswer } from '../../../../local/step-functions/tasks/lambda.ts';
import { createTaskRunner } from '../../../../local/step-functions/tasks/runner.ts';
import { FUNCTION_ARN, ROLE_ARN } from '../engine-under-test.ts';

type Awaitable = { lambda?: () => LambdaAnswer; aws?: () => JsonObject };

function runnerUnderTest({ lambda, aws }: Awaitable) {
  const calls: unknown[][] = [];
  const runTask = createTaskRunner({
    newId: () => 'request-1',
    invokeLambda: async (...call) => {
      calls.push(call.slice(0, 2));
      return lambda?.() ?? { payload: 'null' };
    },
    aws: async (...call) => {
      calls.push(call);
      return aws?.() ?? {};
    },
  });
  const run = (resource: string, taskArguments: JsonValue) =>
    runTask({
      resource,
      arguments: taskArguments,
      roleArn: ROLE_ARN,
      stateMachineArn: 'machine',
      executionArn: 'execution',
      signal: new AbortController().signal,
    });
  return { calls, run };
}

function refuse(code: string, message: string, statusCode = 400): () => never {
  return () => {
    throw new AwsError(code, message, { statusCode });
  };
}

describe('lambda:invoke', () => {
  const invoke = 'arn:aws:states:::lambda:invoke';

  it('gives the function its Payload and wraps its answer', async () => {
    const { calls, run } = runnerUnderTest({ lambda: () => ({ payload: '{"next":"wait"}' }) });

    const result = await run(invoke, { FunctionName: FUNCTION_ARN, Qualifier: 'live', Payload: { id: 1 } });

    expect(calls).toEqual([[`${FUNCTION_ARN}:live`, '{"id":1}']]);
    expect(result).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { next: 'wait' }, StatusCode: 200 });
  });

  it('fails with the errorType of the function, and all it said as the cause', async () => {
    const payload = '{"errorType":"MonoovaThrottledError","errorMessage":"later","trace":[]}';
    const { run } = runnerUnderTest({ lambda: () => ({ payload, functionError: 'Unhandled' }) });

    await expect(run(invoke, { FunctionName: FUNCTION_ARN })).rejects.toMatchObject({
      error: 'MonoovaThrottledError',
      taskCause: payload,
    });
  });

  it('fails with Lambda.Unknown when the function gave no errorType', async () => {
    const { run } = runnerUnderTest({
      lambda: () => ({ payload: '{"errorMessage":"?"}', functionError: 'Unhandled' }),
    });

    await expect(run(invoke, { FunctionName: FUNCTION_ARN })).rejects.toMatchObject({ error: 'Lambda.Unknown' });
  });

  it('names a refusal of the service after Lambda', async () => {
    const { run } = runnerUnderTest({ lambda: refuse('TooManyRequestsException', 'Rate Exceeded.', 429) });

    await expect(run(invoke, { FunctionName: FUNCTION_ARN })).rejects.toMatchObject({
      error: 'Lambda.TooManyRequestsException',
      taskCause:
        'Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: request-1; Proxy: null)',
    });
  });

  it('refuses by name what it does not do', async () => {
    const { run } = runnerUnderTest({});

    await expect(run(invoke, { FunctionName: FUNCTION_ARN, InvocationType: 'Event' })).rejects.toThrow(
      /InvocationType/,
    );
  });
});

it('gives a function that is the Resource its arguments, and takes its answer as the result', async () => {
  const { calls, run } = runnerUnderTest({ lambda: () => ({ payload: '' }) });

  expect(await run(FUNCTION_ARN, { id: 1 })).toBeNull();
  expect(calls).toEqual([[FUNCTION_ARN, '{"id":1}']]);
});

describe('the name of an error', () => {
  it.each([
    [
      'arn:aws:states:::dynamodb:putItem',
      'ConditionalCheckFailedException',
      'DynamoDB.ConditionalCheckFailedException',
    ],
    [
      'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
      'ConditionalCheckFailedException',
      'DynamoDb.ConditionalCheckFailedException',
    ],
    ['arn:aws:states:::dynamodb:getItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
    ['arn:aws:states:::aws-sdk:dynamodb:getItem', 'ValidationException', 'DynamoDb.DynamoDbException'],
    [
      'arn:aws:states:::states:startExecution',
      'ExecutionAlreadyExists',
      'StepFunctions.ExecutionAlreadyExistsException',
    ],
    ['arn:aws:states:::aws-sdk:sfn:startExecution', 'ExecutionAlreadyExists', 'Sfn.ExecutionAlreadyExistsException'],
    ['arn:aws:states:::sns:publish', 'NotFound', 'SNS.NotFoundException'],
    ['arn:aws:states:::aws-sdk:sns:publish', 'NotFoundException', 'Sns.NotFoundException'],
    ['arn:aws:states:::sqs:sendMessage', 'MissingParameter', 'SQS.AmazonSQSException'],
    ['arn:aws:states:::aws-sdk:kms:decrypt', 'InvalidCiphertextException', 'Kms.InvalidCiphertextException'],
    [
      'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue',
      'AccessDeniedException',
      'SecretsManager.SecretsManagerException',
    ],
  ])('of %s for %s is %s', async (resource, code, error) => {
    await expect(runnerUnderTest({ aws: refuse(code, 'no') }).run(resource, {})).rejects.toMatchObject({ error });
  });
});

describe('a call of a service', () => {
  it.each<[string, JsonValue, unknown[]]>([
    ['arn:aws:states:::dynamodb:putItem', { TableName: 't' }, ['dynamodb', 'PutItem', { TableName: 't' }, ROLE_ARN]],
    [
      'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
      { TableName: 't' },
      ['dynamodb', 'UpdateItem', { TableName: 't' }, ROLE_ARN],
    ],
    [
      'arn:aws:states:::sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: { a: 1 } },
      ['sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: '{"a":1}' }, ROLE_ARN],
    ],
    [
      'arn:aws:states:::sns:publish',
      { TopicArn: 't', Message: 'text' },
      ['sns', 'Publish', { TopicArn: 't', Message: 'text' }, ROLE_ARN],
    ],
    [
      'arn:aws:states:::states:startExecution',
      { StateMachineArn: 'm', Name: 'n', Input: { a: 1 } },
      ['states', 'StartExecution', { stateMachineArn: 'm', name: 'n', input: '{"a":1}' }, ROLE_ARN],
    ],
  ])('%s goes out as the API has it', async (resource, taskArguments, call) => {
    const { calls, run } = runnerUnderTest({});

    await run(resource, taskArguments);

    expect(calls).toEqual([call]);
  });

  it('answers an SDK task with the API’s answer alone, and an optimised one with its metadata', async () => {
    const { run } = runnerUnderTest({ aws: () => ({ executionArn: 'e', startDate: 1 }) });

    expect(await run('arn:aws:states:::aws-sdk:sfn:startExecution', {})).toEqual({ ExecutionArn: 'e', StartDate: 1 });
    expect(await run('arn:aws:states:::states:startExecution', {})).toMatchObject({
      ExecutionArn: 'e',
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: 'request-1' },
    });
  });
});
