import * as z from 'zod';
import { errorName } from '../shared/error-name.ts';
import type { Log } from '../shared/ports.ts';
import { type Answered, type FunctionVersions, type LifecycleHook, NotAllowedYetError } from './ports.ts';
import type { Probe } from './probes.ts';

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
const eventSchema = z.object({ DeploymentId: z.string(), LifecycleEventHookExecutionId: z.string() });

export type SmokeTestDeps = {
  /** ARNs, by the name of the function. */
  readonly newVersions: Readonly<Record<string, string>>;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly versions: FunctionVersions;
  readonly hook: LifecycleHook;
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
};

/** A new permission is waited for so often in all, with so long between: 16 s, of the 29 that the function has. */
const WAITS_MAX = 4;
const WAIT_MS = 4_000;

/**
 * Before a deployment turns an alias: asks every new version one harmless question, and lets the deployment go on only where all answer as
 * they must, since functions of one deployment call each other's work. One after the other, as a new account runs ten functions at
 * once. Safe to repeat.
 * @throws what the report fails with: then CodeDeploy hears nothing, and gives the deployment up after an hour.
 */
export function createHandler(deps: SmokeTestDeps): (event: unknown) => Promise<'Succeeded' | 'Failed'> {
  return async function smokeTest(event) {
    const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: executionId } = eventSchema.parse(event);
    const failed = await firstFailure(deps);
    const status = failed === undefined ? 'Succeeded' : 'Failed';
    if (failed) deps.log.error('A new version does not do what it must: the deployment is stopped.', failed);
    await deps.hook.report({ deploymentId, executionId }, status);
    return status;
  };
}

type Failure = { readonly of_function: string; readonly expected: string; readonly got: string };

async function firstFailure(deps: SmokeTestDeps): Promise<Failure | undefined> {
  let waitsLeft = WAITS_MAX;
  const patient = async (versionArn: string, event: unknown): Promise<Answered> => {
    for (;;) {
      try {
        return await deps.versions.invoke(versionArn, event);
      } catch (error) {
        if (!(error instanceof NotAllowedYetError) || waitsLeft === 0) throw error;
        waitsLeft -= 1;
        await deps.wait(WAIT_MS);
      }
    }
  };
  for (const [name, versionArn] of Object.entries(deps.newVersions)) {
    const probe = deps.probes[name];
    if (!probe) return { of_function: name, expected: 'a probe of its own', got: 'none' };
    const { event, expected, isAsExpected } = probe;
    try {
      const answered = await patient(versionArn, event);
      if (!isAsExpected(answered)) return { of_function: name, expected, got: gistOf(answered) };
    } catch (error) {
      return { of_function: name, expected, got: errorName(error) };
    }
  }
  return undefined;
}

/** The error's name or the answer's status: what a function says in full may hold what no log should. */
function gistOf({ payload, isError }: Answered): string {
  const { errorType, statusCode } = Object(payload);
  return String((isError ? errorType : statusCode) ?? 'another answer');
}
