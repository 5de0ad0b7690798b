import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a command has of the world around it; tests bring their own. */
export type Terminal = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** A new UUID each time. */
  readonly newId: () => string;
};

export function processTerminal(): Terminal {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: startingFolder(),
    nowMs: Date.now,
    wait: (ms) => sleep(ms),
    newId: randomUUID,
  };
}

/** npm runs scripts in the project's root; INIT_CWD is where the person typed `npm run payouts`. */
function startingFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return script === 'payouts' && typedIn ? typedIn : process.cwd();
}
