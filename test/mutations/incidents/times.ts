/** The same fault so many times in a row. */
export function times(count: number, kind: string): string[] {
  return Array.from({ length: count }, () => kind);
}
