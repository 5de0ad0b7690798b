import type { ChoiceState } from '../definition.ts';
import { StateFailure } from '../errors.ts';
import type { Exit, StateScope } from '../scope.ts';

/**
 * Takes the first rule whose `Condition` is true, with that rule's `Output` and `Assign`; else `Default`, with the
 * state's own. @throws {StateFailure} States.NoChoiceMatched where no rule holds and there is no Default
 */
export async function runChoice(scope: StateScope, state: ChoiceState): Promise<Exit> {
  for (const rule of state.rules) {
    if (!(await scope.evaluateAs('boolean', rule.condition))) continue;
    return { next: rule.next, ...(await scope.shape(rule, {}, scope.input)) };
  }
  if (state.otherwise !== undefined) {
    return { next: state.otherwise, ...(await scope.shape(state, {}, scope.input)) };
  }
  const sentence = 'Failed to transition out of the state. The state does not point to a next state.';
  throw new StateFailure('States.NoChoiceMatched', scope.cause(sentence));
}
