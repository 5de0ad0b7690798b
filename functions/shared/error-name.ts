/** The name of what was thrown, for a log line or a letter: its text may quote anything. */
export function errorName(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : 'unknown';
}
