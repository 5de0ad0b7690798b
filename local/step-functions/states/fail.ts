import type { FailState } from '../definition.ts';
import { StateFailure } from '../errors.ts';
import type { StateScope } from '../scope.ts';

/** Ends the execution as FAILED; both `Error` and `Cause` may be absent. @throws {StateFailure} always */
export async function runFail(scope: StateScope, state: FailState): Promise<never> {
  const error = state.error && (await scope.evaluateAs('string', state.error));
  const cause = state.cause && (await scope.evaluateAs('string', state.cause));
  throw new StateFailure(error, cause, { terminal: true });
}
