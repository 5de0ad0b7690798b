import { spawn } from 'node:child_process';

export type ChildOptions = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly timeoutMs: number;
};

/** Enough to see why a program failed, and no more than a terminal shows at once. */
const OUTPUT_TAIL_CHARACTERS = 4_000;

/**
 * Runs a program to its end and gives its exit code (or the signal that ended it) and the end of what it printed. It ends
 * with this process at the latest.
 *
 * @throws when the program cannot be started
 */
export async function runChild(command: string, args: readonly string[], options: ChildOptions) {
  const { cwd, env, timeoutMs } = options;
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-OUTPUT_TAIL_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A program that ends early closes its input; its exit code says why.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? String(signal)));
    });
    return { code, output: output.trimEnd() };
  } finally {
    process.off('exit', killWithUs);
  }
}
