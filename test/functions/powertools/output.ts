import { vi } from 'vitest';

/** What the runtime of a Lambda would send to its log group: each line that is written to standard output, parsed. */
export async function linesOf(run: () => unknown): Promise<Record<string, unknown>[]> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  // Levels above INFO go to standard error.
  const errorSpy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    await run();
  } finally {
    spy.mockRestore();
    errorSpy.mockRestore();
  }
  const lines = written.join('').split('\n');
  return lines.filter((line) => line !== '').map((line): Record<string, unknown> => JSON.parse(line));
}
