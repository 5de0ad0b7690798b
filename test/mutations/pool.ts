import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './detect.ts';
import { merged, type Survey } from './differences.ts';
import type { Numbered } from './enumerate.ts';
import type { Mutant } from './mutant.ts';
import type { Probe } from './probes.ts';
import type { Answer, Order } from './worker.ts';

/** A mutant that keeps a process so long goes round in circles: all probes together take a tenth of it on a quiet machine. */
const TRY_TIMEOUT_SECONDS = 600;
const SURVEY_TIMEOUT_SECONDS = 3_600;

export type Tried = { readonly mutant: Mutant; readonly verdict: Verdict; readonly elapsedMs: number };
export type Begin = Extract<Order, { kind: 'begin' }>;
type Try = Extract<Order, { kind: 'try' }>;

/**
 * In which probes each mutant makes a difference.
 * @throws {Error} where the system as it is does not go through all of them
 */
export async function survey(begin: Begin, numbered: readonly Numbered[], jobs: number): Promise<Survey> {
  const machineMutants = numbered.filter(([, { change }]) => change.of === 'machine');
  const parts = Array.from({ length: jobs }, async (_, part) => {
    const worker = start(begin);
    const order: Order = { kind: 'survey', machineMutants, part, parts: jobs };
    const answer = await ask(worker, order, SURVEY_TIMEOUT_SECONDS);
    worker.kill('SIGKILL');
    if (answer.kind === 'surveyed') return answer.survey;
    throw new Error(answer.kind === 'fault' ? answer.fault : 'The survey was not made.');
  });
  return merged(await Promise.all(parts));
}

/** Tries each of them in one of `jobs` processes. One that a mutant breaks is replaced. */
export async function tryAll(
  mutants: readonly Numbered[],
  options: {
    readonly jobs: number;
    readonly begin: Begin;
    readonly probesOf: (number: number) => readonly Probe[];
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
      const order: Try = { kind: 'try', number, mutant, probes: options.probesOf(number) };
      const answer = await ask(worker, order, TRY_TIMEOUT_SECONDS);
      if (answer.kind !== 'tried') {
        worker.kill('SIGKILL');
        worker = undefined;
      }
      options.onTried({ mutant, verdict: verdictOf(answer), elapsedMs: performance.now() - startedMs });
    }
    worker?.kill('SIGKILL');
  }
  await Promise.all(Array.from({ length: options.jobs }, work));
}

/** A check that cannot go on has found something: the system as it is lets it go on. */
function verdictOf(answer: Answer): Verdict {
  if (answer.kind === 'tried') return answer.verdict;
  return { caughtBy: 'a check stops', words: answer.kind === 'fault' ? answer.fault : answer.kind, tries: 0 };
}

function start(begin: Order): ChildProcess {
  const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), { serialization: 'advanced' });
  worker.send(begin);
  return worker;
}

function ask(worker: ChildProcess, order: Order, timeoutSeconds: number): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer) => {
      clearInterval(timer);
      worker.removeAllListeners('message');
      worker.removeAllListeners('exit');
      resolve(answer);
    };
    // Counted, so that a machine that sleeps (or a process that is stopped for a while) is no circle.
    let seconds = 0;
    const timer = setInterval(() => {
      seconds += 1;
      if (seconds >= timeoutSeconds) end({ kind: 'fault', fault: 'it does not come to an end' });
    }, 1_000);
    worker.on('message', (answer: Answer) => end(answer));
    worker.on('exit', (code) => end({ kind: 'fault', fault: `its process ends with ${code}` }));
    worker.send(order);
  });
}
