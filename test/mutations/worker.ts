import { registerHooks } from 'node:module';
import type { Deployment } from '../simulation/deployment.ts';
import type { Bounds, Verdict } from './detect.ts';
import { SWITCH } from './instrument.ts';
import type { Mutant } from './mutant.ts';

/** One process that tries mutants, one after the other. Its sources hold them all, behind switches. */
export type Order =
  | {
      readonly kind: 'begin';
      readonly deployment: Deployment;
      /** The text of each instrumented file, by its URL. */
      readonly sources: Readonly<Record<string, string>>;
      readonly bounds: Bounds;
    }
  /** Number 0 is none: the system as it is. */
  | { readonly kind: 'try'; readonly number: number; readonly mutant: Mutant | undefined };
export type Answer =
  | { readonly number: number; readonly verdict: Verdict }
  | { readonly number: number; readonly fault: string };

type Begun = Extract<Order, { kind: 'begin' }>;
let begun: Begun | undefined;

process.on('message', (order: Order) => {
  if (order.kind === 'begin') {
    begin(order);
    return;
  }
  void tryOne(order).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
// Where nobody awaits what fails, such as an answer that no client can read.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => process.send?.({ number: 0, fault: wordsOf(error) } satisfies Answer));
}

function begin(order: Begun): void {
  begun = order;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const source = order.sources[url];
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}

async function tryOne({ number, mutant }: Extract<Order, { kind: 'try' }>): Promise<Answer> {
  try {
    if (!begun) throw new Error('The worker has not begun.');
    const { detect } = await import('./detect.ts');
    (globalThis as Record<string, unknown>)[SWITCH] = number;
    return { number, verdict: await detect(mutated(begun.deployment, mutant), begun.bounds) };
  } catch (error) {
    return { number, fault: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function mutated(deployment: Deployment, mutant: Mutant | undefined): Deployment {
  if (mutant?.change.of !== 'machine') return deployment;
  const { suffix, definition } = mutant.change;
  const machines = deployment.machines.map((machine) =>
    machine.name.endsWith(`-${suffix}`) ? { ...machine, definition } : machine,
  );
  return { ...deployment, machines };
}
