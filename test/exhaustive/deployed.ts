import type { Stage } from '../../infra/stages.ts';
import { STAGES } from '../../infra/stages.ts';
import type { Deployment, FunctionShape } from '../simulation/deployment.ts';
import { type Scope, stageOf } from './scope.ts';

/** The template of stage dev as one scope explores it: its machines with fewer waits, its functions, its tables. */
export type Deployed = {
  readonly stage: Stage;
  readonly submission: string;
  readonly settlement: string;
  readonly functions: readonly FunctionShape[];
  readonly deployment: Deployment;
};

/** @throws {Error} where the machine does not hold the waits of its stage, so that they cannot be shortened */
export function deployedFor(scope: Scope, deployment: Deployment): Deployed {
  const stage = stageOf(scope);
  const textOf = (suffix: string) => {
    const machine = deployment.machines.find(({ name }) => name.endsWith(`-${suffix}`));
    if (!machine) throw new Error(`The template has no machine ${suffix}.`);
    return machine.definition;
  };
  const settlement = textOf('settlement');
  const waits = (timers: Stage['timers']) => JSON.stringify(timers.settlementWaitsSeconds);
  if (!settlement.includes(waits(STAGES.dev.timers)))
    throw new Error('The guard does not know the waits of its stage.');
  return {
    stage,
    submission: textOf('submission'),
    settlement: settlement.replaceAll(waits(STAGES.dev.timers), waits(stage.timers)),
    functions: deployment.functions.map((shape) => withMode(shape, scope)),
    deployment,
  };
}

function withMode(shape: FunctionShape, { resubmission }: Scope): FunctionShape {
  if (shape.environment['RESUBMISSION_MODE'] === undefined) return shape;
  return { ...shape, environment: { ...shape.environment, RESUBMISSION_MODE: resubmission } };
}
