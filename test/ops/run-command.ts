import { randomUUID } from 'node:crypto';
import { runPayouts } from '../../ops/program.ts';
import type { Terminal } from '../../ops/terminal.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command line in this process, with its own streams and environment. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly env?: Terminal['env'];
    readonly stdin?: string;
    readonly nowMs?: number;
    /** Default: no time passes. */
    readonly wait?: Terminal['wait'];
  } = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const code = await runPayouts(args, {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    stdin: (async function* chunks() {
      yield Buffer.from(options.stdin ?? '');
    })(),
    env: options.env ?? {},
    cwd: import.meta.dirname,
    nowMs: () => options.nowMs ?? Date.now(),
    wait: options.wait ?? (async () => {}),
    newId: randomUUID,
  });
  return { code, ...written };
}
