import type { PassState } from '../definition.ts';
import type { Exit, StateScope } from '../scope.ts';

/** Gives its input on, or its `Output`. */
export async function runPass(scope: StateScope, state: PassState): Promise<Exit> {
  return { next: state.next, ...(await scope.shape(state, {}, scope.input)) };
}
