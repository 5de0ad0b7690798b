import type { JsonValue } from '../../local/json.ts';
import { createStepFunctions, type StepFunctions, type TaskRunner } from '../../local/step-functions/engine.ts';
import { InvalidDefinition } from '../../local/step-functions/errors.ts';
import type { ExecutionRecord } from '../../local/step-functions/execution.ts';
import { ManualClock, settle } from './manual-clock.ts';
import type { Verdict } from './verdict.ts';

/** A case that takes more timers than this goes round in circles. */
const TIMERS_MAX = 10_000;

export type Rig = { readonly engine: StepFunctions; readonly clock: ManualClock };

/** An engine for one case, in the account and region of the recordings. Any service may be named: its tasks are scripted. */
export function createRig(runTask: TaskRunner): Rig {
  const clock = new ManualClock();
  let ids = 0;
  const engine = createStepFunctions({
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    random: () => 0.5,
    runTask,
    accountId: '111111111111',
    region: 'us-east-1',
    supportsResource: (resource) => resource.kind !== 'service' || resource.pattern !== 'sync',
  });
  return { engine, clock };
}

/** Creates the machine of a case; a definition that is only refused here makes the case refused. */
export function createMachine(
  { engine }: Rig,
  definition: JsonValue,
  type: 'STANDARD' | 'EXPRESS',
): { arn: string } | { verdict: Verdict } {
  try {
    const arn = engine.createStateMachine({
      name: 'conformance',
      type,
      roleArn: 'arn:aws:iam::111111111111:role/conformance',
      definition: JSON.stringify(definition),
    });
    return { arn };
  } catch (error) {
    if (!(error instanceof InvalidDefinition)) throw error;
    if (error.onlyRefusedHere) return { verdict: { kind: 'refused', reason: error.message } };
    return { verdict: { kind: 'differed', differences: [`AWS runs this machine: ${error.message}`] } };
  }
}

/** Moves time on until the execution closed. `whenIdle` may do something instead; it says whether it did. */
export async function runToEnd(
  { engine, clock }: Rig,
  executionArn: string,
  whenIdle: () => boolean = () => false,
): Promise<ExecutionRecord> {
  for (let timers = 0; timers < TIMERS_MAX; timers++) {
    await settle();
    const record = engine.describeExecution(executionArn);
    if (record.status !== 'RUNNING') return record;
    if (whenIdle()) continue;
    if (!clock.fireNext()) return record;
  }
  throw new Error(`${executionArn} did not end within ${TIMERS_MAX} timers`);
}
