import type { Kernel, Next } from './kernel.ts';
import { lambdaSteps } from './lambda-steps.ts';
import { localSteps, machineSteps } from './machine-steps.ts';
import type { State } from './state.ts';
import { worldSteps } from './world-steps.ts';

/** One thing that can happen next. */
export type Step = { readonly words: () => string; readonly take: () => Promise<Next> };

/**
 * Everything that can happen next. A task that touches nothing of others' is taken first and alone: its moment changes nothing for
 * anybody, so that every order of all other steps is still explored (a partial-order reduction; the set is persistent).
 */
export function stepsOf(kernel: Kernel, state: State): Step[] {
  for (const { value: process } of state.processes) {
    if (process.kind !== 'machine' || process.point.value.stop.kind !== 'task') continue;
    const called = kernel.functionOf(process.point.value.stop);
    if (called?.isLocal) return localSteps(kernel, state, process, called);
  }
  const steps: Step[] = [];
  for (const { value: process } of state.processes) {
    if (process.kind === 'machine') steps.push(...machineSteps(kernel, state, process));
    if (process.kind === 'lambda') steps.push(...lambdaSteps(kernel, state, process));
  }
  steps.push(...worldSteps(kernel, state));
  return steps;
}
