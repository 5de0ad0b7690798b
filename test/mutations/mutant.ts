/** Which kind of protection is switched off. */
export const KINDS = [
  'condition',
  'retry',
  'catch',
  'choice',
  'operand',
  'ordering',
  'guard',
  'effect',
  'count',
] as const;
export type Kind = (typeof KINDS)[number];

/** What is changed, as plain data, so that another process can make the change. */
export type Change =
  /** The text of one file between two offsets. */
  | {
      readonly of: 'source';
      readonly file: string;
      readonly start: number;
      readonly end: number;
      readonly text: string;
      readonly form: SourceForm;
    }
  /** The whole definition of one machine. */
  | { readonly of: 'machine'; readonly suffix: MachineSuffix; readonly definition: string };

/** What stands between the offsets: an expression, a statement that is left out, or what a function's braces hold. */
export type SourceForm = 'expression' | 'statement' | 'body';

export type MachineSuffix = 'submission' | 'settlement';

/** One protection switched off. */
export type Mutant = {
  /** Says what is changed, without a line number, so that it outlives changes elsewhere. Unique. */
  readonly id: string;
  readonly kind: Kind;
  readonly change: Change;
  /**
   * Of a machine: the places (places.ts) without which it makes no difference. Absent where it may make one anywhere, and
   * for the code, which says itself where one would.
   */
  readonly places?: readonly string[];
};

/** Numbers those that are spelt alike, in their order. */
export function withUniqueIds(mutants: readonly Mutant[]): Mutant[] {
  const counts = new Map<string, number>();
  return mutants.map((mutant) => {
    const count = (counts.get(mutant.id) ?? 0) + 1;
    counts.set(mutant.id, count);
    return count === 1 ? mutant : { ...mutant, id: `${mutant.id} (${count})` };
  });
}
