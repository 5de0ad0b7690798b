import type { SucceedState } from '../definition.ts';
import type { Exit, StateScope } from '../scope.ts';

/** Ends the execution with its input, or its `Output`. */
export async function runSucceed(scope: StateScope, state: SucceedState): Promise<Exit> {
  return { next: undefined, ...(await scope.shape(state, {}, scope.input)) };
}
