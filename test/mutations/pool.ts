import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './detect.ts';
import type { Mutant } from './mutant.ts';
import type { Answer, Order } from './worker.ts';

/** A mutant that keeps a process so long goes round in circles: no check that is bounded takes this time. */
const TRY_TIMEOUT_MS = 900_000;

export type Tried = { readonly mutant: Mutant | undefined; readonly verdict: Verdict; readonly elapsedMs: number };

/**
 * Tries each of them in one of `jobs` processes. One that a mutant breaks is replaced.
 */
export async function tryAll(
  mutants: readonly (readonly [number: number, mutant: Mutant | undefined])[],
  options: {
    readonly jobs: number;
    readonly begin: Extract<Order, { kind: 'begin' }>;
    readonly onTried: (tried: Tried) => void;
  },
): Promise<void> {
  const waiting = [...mutants];
  async function work(): Promise<void> {
    let worker: ChildProcess | undefined;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      worker ??= start(options.begin);
      const [number, mutant] = next;
      const startedMs = performance.now();
      const answer = await ask(worker, { kind: 'try', number, mutant });
      const elapsedMs = performance.now() - startedMs;
      if (answer.isWorn) {
        worker.kill('SIGKILL');
        worker = undefined;
      }
      options.onTried({ mutant, verdict: answer.verdict, elapsedMs });
    }
    worker?.kill();
  }
  await Promise.all(Array.from({ length: options.jobs }, work));
}

/** `isWorn`: the process cannot be used any more. */
type Heard = { readonly verdict: Verdict; readonly isWorn: boolean };

/** What a check that cannot go on has found: the system as it is lets it go on (it is tried first). */
function worn(words: string): Heard {
  return { verdict: { caughtBy: 'a check stops', words, tries: 0 }, isWorn: true };
}

function start(begin: Order): ChildProcess {
  const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), { serialization: 'advanced' });
  worker.send(begin);
  return worker;
}

function ask(worker: ChildProcess, order: Extract<Order, { kind: 'try' }>): Promise<Heard> {
  return new Promise((resolve) => {
    const end = (heard: Heard) => {
      clearTimeout(timer);
      worker.removeAllListeners('message');
      worker.removeAllListeners('exit');
      resolve(heard);
    };
    const timer = setTimeout(() => end(worn('it does not come to an end')), TRY_TIMEOUT_MS);
    worker.on('message', (answer: Answer) =>
      end('fault' in answer ? worn(answer.fault) : { verdict: answer.verdict, isWorn: false }),
    );
    worker.on('exit', (code) => end(worn(`its process ends with ${code}`)));
    worker.send(order);
  });
}
