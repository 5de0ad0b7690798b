export type Percentiles = { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number };

/** By nearest rank. Not a number where nothing was measured. */
export function percentilesOf(durationsMs: readonly number[]): Percentiles {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99) };
}

/** The middle one of an odd number of values. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
