/** Mutants that no check can notice, since what they switch off changes nothing that is promised. */
type Equivalent = {
  /** What makes each of them equivalent. */
  readonly reason: string;
  readonly ids: readonly string[];
};

/** Each one by name. The command fails where one of them is noticed after all, and where one that is not here is not. */
export const equivalents: readonly Equivalent[] = [];

const reasons = new Map(equivalents.flatMap(({ reason, ids }) => ids.map((id) => [id, reason] as const)));

/** Why nothing notices it; undefined where something has to. */
export function reasonOf(id: string): string | undefined {
  return reasons.get(id);
}

/** Those that are listed, and are mutants no more. */
export function unknownSurvivors(ids: readonly string[]): string[] {
  const known = new Set(ids);
  return [...reasons.keys()].filter((id) => !known.has(id));
}
