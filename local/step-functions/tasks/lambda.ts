import { AwsError } from '../../aws/wire.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { isObject } from '../data.ts';
import { TaskError } from '../errors.ts';
import type { TaskCall } from '../task-runner.ts';
import { OPTIMISED_ERRORS, toTaskError } from './error-names.ts';
import { sdkMetadata } from './metadata.ts';

/** What a function answered; with `functionError` the payload is `{errorType, errorMessage, trace}`. */
export type LambdaAnswer = { readonly payload: string; readonly functionError?: 'Unhandled' };

/** Runs a function as the machine's role. Rejects with AwsError where the Lambda service itself refuses. */
export type InvokeLambda = (
  functionArn: string,
  payloadJson: string,
  options: { readonly signal: AbortSignal; readonly roleArn: string },
) => Promise<LambdaAnswer>;

/** A Task whose `Resource` is the function: the arguments are its event, its answer is the result. */
export async function runFunction(call: TaskCall, invoke: InvokeLambda, requestId: string): Promise<JsonValue> {
  return parsePayload(await invokeOrFail(call.resource, JSON.stringify(call.arguments), call, invoke, requestId));
}

/** `lambda:invoke`: `{FunctionName, Payload?, Qualifier?}`; the answer is the result's `Payload`. */
export async function runLambdaInvoke(call: TaskCall, invoke: InvokeLambda, requestId: string): Promise<JsonObject> {
  const { functionName, payload } = readArguments(call.arguments);
  const answer = await invokeOrFail(functionName, JSON.stringify(payload), call, invoke, requestId);
  return {
    ExecutedVersion: '$LATEST',
    Payload: parsePayload(answer),
    ...sdkMetadata(requestId, 'application/json'),
    StatusCode: 200,
  };
}

function readArguments(value: JsonValue): { functionName: string; payload: JsonValue } {
  const { FunctionName, Payload, Qualifier, InvocationType, ...rest } = isObject(value) ? value : {};
  const unknown = Object.keys(rest);
  if (InvocationType !== undefined && InvocationType !== 'RequestResponse') unknown.push('InvocationType');
  if (unknown.length > 0) {
    throw new TaskError(
      'States.Runtime',
      `lambda:invoke with ${unknown.join(', ')} is not run by the local Step Functions`,
    );
  }
  if (typeof FunctionName !== 'string') {
    throw new TaskError('States.Runtime', "The field 'FunctionName' is required but was missing");
  }
  const functionName = typeof Qualifier === 'string' ? `${FunctionName}:${Qualifier}` : FunctionName;
  return { functionName, payload: Payload ?? {} };
}

async function invokeOrFail(
  functionArn: string,
  payload: string,
  call: TaskCall,
  invoke: InvokeLambda,
  requestId: string,
): Promise<string> {
  const answer = await invoke(functionArn, payload, call).catch((error: unknown) => {
    const naming = OPTIMISED_ERRORS['lambda'];
    throw error instanceof AwsError && naming ? toTaskError(error, naming, requestId) : error;
  });
  if (answer.functionError !== undefined) throw functionFailure(answer.payload);
  return answer.payload;
}

/** The function's `errorType` is the name that Retry and Catch match; its whole payload is the cause. */
function functionFailure(payload: string): TaskError {
  const parsed = parsePayload(payload);
  const errorType = isObject(parsed) ? parsed['errorType'] : undefined;
  if (typeof errorType === 'string' && errorType !== '') return new TaskError(errorType, payload);
  const reason = 'The cause could not be determined because Lambda did not return an error type.';
  return new TaskError('Lambda.Unknown', `${reason} Returned payload: ${payload}`);
}

function parsePayload(payload: string): JsonValue {
  if (payload === '') return null;
  try {
    return JSON.parse(payload) as JsonValue;
  } catch {
    return payload;
  }
}
