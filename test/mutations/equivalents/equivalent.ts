/** Mutants that no check can notice, since what they switch off changes nothing that is promised. */
export type Equivalent = {
  /** What makes each of them equivalent. */
  readonly reason: string;
  readonly ids: readonly string[];
};
