import type { TestRun } from './local-run.ts';

/** No longer than any limit of a function's. */
const STEP_MS = 2_000;

/**
 * Moves time on in small steps, and after each waits for what it has started, however busy the machine is: `advance` alone goes on after a
 * moment, and a function that is slow here would be cut off by the clock.
 */
export async function pass(run: TestRun, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
    await run.advance(Math.min(STEP_MS, ms - passedMs));
    await run.until(() => (run.busyCount() === 0 ? true : undefined));
  }
}
