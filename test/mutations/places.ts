import type { Fault } from '../simulation/faults.ts';

/** Behind a state's name: something went wrong in it, or may have. */
export const DISTURBED = ' !';

/** Where a run came by, as mutants of machines name it: `settlement/AwaitOutcome`, `submission/FindPayout -!> OutcomeUnknown`. */
export function placesOf(visited: Iterable<string>, faults: readonly Fault[] | 'anywhere'): ReadonlySet<string> {
  const places = new Set([...visited].map((place) => place.replace(/^.*-(?=[a-z]+\/)/, '')));
  for (const state of [...places]) {
    if (/ -!?> /.test(state)) continue;
    const name = ` ${state.slice(state.indexOf('/') + 1)} `;
    if (faults === 'anywhere' || faults.some(([point]) => point.includes(name))) places.add(state + DISTURBED);
  }
  return places;
}
