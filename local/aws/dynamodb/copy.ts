/**
 * A copy of plain JSON, as writing and reading it would give it: what is undefined goes, or is null in a list. Several times
 * quicker than JSON and than structuredClone, which must reckon with everything else too.
 */
export function copyOf<Value>(value: Value): Value;
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => copyOf(item) ?? null);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = copyOf((value as Readonly<Record<string, unknown>>)[name]);
    if (member !== undefined) copy[name] = member;
  }
  return copy;
}
