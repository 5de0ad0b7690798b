import { AwsError } from '../aws/wire.ts';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import type { Answer } from './answer.ts';
import type { Exchange } from './context.ts';
import { withinTime } from './deadline.ts';
import type { StepFunctionsIntegration } from './definition-method.ts';
import { configurationError, internalServerError } from './gateway-fault.ts';
import { type IntegrationOutcome, type Mapping, mapRequest, mapResponse } from './mapping.ts';
import { newOverrides, type Overrides } from './template-variables.ts';
import { JavaMap } from './velocity/values.ts';

/** Starts an execution as `roleArn`. Rejects with {@link AwsError} where Step Functions would refuse. */
export type StartExecution = (roleArn: string, input: JsonObject) => Promise<JsonObject>;

export type StepFunctionsCalls = { readonly clock: Clock; readonly start: StartExecution };

/**
 * Calls Step Functions' API with the mapped request as its input, and maps what comes back, refusals too: the responses'
 * patterns see 200, 400 or 500, so a workflow that failed is still a 200 whose body says FAILED.
 *
 * @throws {GatewayFault} as mapping does, and 504 when the clock says so
 */
export async function answerStepFunctions(
  integration: StepFunctionsIntegration,
  mapping: Mapping,
  exchange: Exchange,
  { clock, start }: StepFunctionsCalls,
): Promise<Answer> {
  const overrides = newOverrides();
  const body = mapRequest(mapping, exchange, overrides);
  refuseRequestOverrides(overrides);
  const startedAtMs = clock.nowMs();
  const outcome = await withinTime(clock, integration.timeoutMs, () => call(integration, body, start));
  exchange.integration = { status: outcome.statusCode, latencyMs: clock.nowMs() - startedAtMs };
  return mapResponse(mapping, exchange, overrides, outcome);
}

/** What a template would change of the HTTP request to Step Functions does not exist here. */
function refuseRequestOverrides({ request }: Overrides): void {
  const isUsed = [...request.entries.values()].some((place) => !(place instanceof JavaMap) || place.entries.size > 0);
  if (isUsed) throw internalServerError(new Error('$context.requestOverride of an AWS integration is not run here'));
}

async function call(
  { roleArn }: StepFunctionsIntegration,
  body: string,
  start: StartExecution,
): Promise<IntegrationOutcome> {
  const input = readInput(body);
  if (!input) return refusal(400, 'com.amazon.coral.service#SerializationException', undefined);
  try {
    return { statusCode: 200, headers: {}, body: JSON.stringify(await start(roleArn, input)) };
  } catch (error) {
    // "API Gateway does not have permission to assume the provided role", as the execution log calls it.
    if (error instanceof AwsError && error.code === 'CannotAssumeRole') throw configurationError(error);
    if (error instanceof AwsError) return refusal(error.statusCode, error.code, error.message);
    return refusal(500, 'InternalFailure', undefined);
  }
}

/** A template that gives no JSON object sends Step Functions what it cannot read. */
function readInput(body: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** An error as the service's JSON protocol writes it. */
function refusal(statusCode: number, code: string, message: string | undefined): IntegrationOutcome {
  return { statusCode, headers: { 'x-amzn-ErrorType': code }, body: JSON.stringify({ __type: code, message }) };
}
