import { registerHooks } from 'node:module';
import type { Deployment } from '../simulation/deployment.ts';
import type { Verdict } from './detect.ts';
import type { Part, Survey } from './differences.ts';
import type { Mutant } from './mutant.ts';
import type { Probe } from './probes.ts';
import { installSwitch } from './switch.ts';

/** One process that tries mutants, one after the other. Its sources hold them all, behind switches. */
export type Order =
  | {
      readonly kind: 'begin';
      readonly deployment: Deployment;
      /** The text of each instrumented file, by its URL. */
      readonly sources: Readonly<Record<string, string>>;
    }
  /** The system as it is goes through every probe. */
  | ({ readonly kind: 'survey' } & Part)
  | { readonly kind: 'try'; readonly number: number; readonly mutant: Mutant; readonly probes: readonly Probe[] };
export type Answer =
  | { readonly kind: 'tried'; readonly verdict: Verdict }
  | { readonly kind: 'surveyed'; readonly survey: Survey }
  | { readonly kind: 'fault'; readonly fault: string };

let deployment: Deployment | undefined;
const switched = installSwitch();

process.on('message', (order: Order) => {
  if (order.kind === 'begin') begin(order);
  else void answer(order).then((answered) => process.send?.(answered));
});
process.on('disconnect', () => process.exit());
// Where nobody awaits what fails, such as an answer that no client can read.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => process.send?.(faultOf(error)));
}

function begin(order: Extract<Order, { kind: 'begin' }>): void {
  deployment = order.deployment;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const source = order.sources[url];
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}

async function answer(order: Exclude<Order, { kind: 'begin' }>): Promise<Answer> {
  try {
    if (!deployment) throw new Error('The worker has not begun.');
    if (order.kind === 'survey') {
      const { surveyProbes } = await import('./differences.ts');
      return { kind: 'surveyed', survey: await surveyProbes(deployment, order, switched) };
    }
    const { detect } = await import('./detect.ts');
    switched.on = order.number;
    return { kind: 'tried', verdict: await detect(mutated(deployment, order.mutant), order.probes) };
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): Answer {
  const fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'fault', fault };
}

function mutated(from: Deployment, { change }: Mutant): Deployment {
  if (change.of !== 'machine') return from;
  const { suffix, definition } = change;
  const machines = from.machines.map((machine) =>
    machine.name.endsWith(`-${suffix}`) ? { ...machine, definition } : machine,
  );
  return { ...from, machines };
}
