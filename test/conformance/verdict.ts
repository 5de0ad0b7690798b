/**
 * What became of a case. `refused` is an honest class of its own: the machine was refused by name when it was created,
 * so nobody can take it for something that runs.
 */
export type Verdict =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'differed'; readonly differences: readonly string[] };

export function verdictOf(differences: readonly string[]): Verdict {
  return differences.length === 0 ? { kind: 'agreed' } : { kind: 'differed', differences };
}
