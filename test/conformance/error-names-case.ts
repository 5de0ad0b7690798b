import { AwsError } from '../../local/aws/wire.ts';
import type { JsonValue } from '../../local/json.ts';
import { isObject } from '../../local/step-functions/data.ts';
import { StateFailure, TaskError } from '../../local/step-functions/errors.ts';
import { parseResource } from '../../local/step-functions/resource.ts';
import { findCatcher } from '../../local/step-functions/retry.ts';
import { isRunnable } from '../../local/step-functions/tasks/runnable.ts';
import { createTaskRunner } from '../../local/step-functions/tasks/runner.ts';
import type { ErrorFact, ErrorNamesCase } from './case.ts';
import { compare } from './compare.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/**
 * Compares the names and causes that the task runner gives to a service's errors, and which catcher takes them. A case
 * without any fact that can be played here is refused: its service, or its JSONPath, is not run.
 */
export async function runErrorNamesCase(given: ErrorNamesCase): Promise<Verdict> {
  const differences: string[] = [];
  let played = 0;
  for (const [index, fact] of given.facts.entries()) {
    const at = `facts[${index}]`;
    const named = await playRefusal(fact, at);
    const caught = playCatchers(fact, at);
    played += (named ? 1 : 0) + (caught ? 1 : 0);
    differences.push(...(named ?? []), ...(caught ?? []));
  }
  if (played > 0) return verdictOf(differences);
  return { kind: 'refused', reason: `no fact about ${given.service} belongs to a resource that is run here` };
}

/** Undefined where the fact is not the refusal of a service that is run here. */
async function playRefusal(fact: ErrorFact, at: string): Promise<string[] | undefined> {
  const resource = fact.resource === null ? undefined : parseResource(fact.resource);
  const refusal = refusalOf(fact);
  if (fact.event !== 'TaskFailed' || fact.resource === null || !resource || !isRunnable(resource) || !refusal)
    return undefined;
  const refuse = async () => {
    throw refusal;
  };
  const runTask = createTaskRunner({ aws: refuse, invokeLambda: refuse });
  const failure = await runTask({
    resource: fact.resource,
    arguments: {},
    roleArn: 'arn:aws:iam::111111111111:role/conformance',
    stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:conformance',
    executionArn: 'arn:aws:states:us-east-1:111111111111:execution:conformance:1',
    signal: new AbortController().signal,
  }).catch((error: unknown) => error);
  if (!(failure instanceof TaskError)) return [`${at}: the task did not fail`];
  return [
    ...compare(fact.error, failure.error, `${at}.error`),
    ...compare(fact.cause, sinceAttemptCounts(failure.taskCause, fact.cause), `${at}.cause`),
  ];
}

/** SDK causes end with `(SDK Attempt Count: 1)` since 2025; older recordings have no such end. */
function sinceAttemptCounts(cause: string | undefined, recorded: JsonValue): string | undefined {
  return JSON.stringify(recorded).includes('SDK Attempt Count')
    ? cause
    : cause?.replace(/ \(SDK Attempt Count: \d+\)$/, '');
}

/** What the service must have answered for AWS to write this cause; only the SDKs leave the code to the name. */
function refusalOf({ error, cause }: ErrorFact): AwsError | undefined {
  const pattern = isObject(cause) && typeof cause['pattern'] === 'string' ? cause['pattern'] : undefined;
  if (!pattern || !error) return undefined;
  const text = pattern.slice(1, -1).replaceAll('.*', 'id').replaceAll(/\\(.)/g, '$1');
  const parts =
    /^(?<message>.*?) \(Service: [^;,]+[;,] Status Code: (?<status>\d+)(?:; Error Code: (?<code>\w+))?[;,]/s.exec(text);
  const { message, status, code } = parts?.groups ?? {};
  if (message === undefined || status === undefined) return undefined;
  const [prefix, name] = error.split('.');
  const named = name === `${prefix}Exception` ? 'ValidationException' : (name ?? '');
  return new AwsError(code ?? named, message, { statusCode: Number(status) });
}

/** Undefined where the fact says nothing about catchers. */
function playCatchers(fact: ErrorFact, at: string): string[] | undefined {
  if (!fact.catchMatches) return undefined;
  const failure = new StateFailure(fact.error ?? undefined, undefined);
  return fact.catchMatches.flatMap(({ catchers, matchedCatcherIndexes }, index) => {
    const parsed = catchers.map((errorEquals, position) => ({ errorEquals, next: String(position) }));
    const matched = Number(findCatcher(parsed, failure)?.next);
    if (matchedCatcherIndexes.includes(matched)) return [];
    return [`${at}.catchMatches[${index}]: AWS took catcher ${matchedCatcherIndexes.join(' or ')}, got ${matched}`];
  });
}
