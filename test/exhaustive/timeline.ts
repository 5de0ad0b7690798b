import type { Counterexample } from './explore.ts';
import { beginning } from './explore.ts';
import { START_MS } from './instants.ts';
import type { Kernel } from './kernel.ts';
import { type PayoutRecord, recordIn, type State } from './state.ts';
import { stepsOf } from './steps.ts';

/** The way to a broken promise, step by step, with what each changed in the record. */
export async function timelineOf(kernel: Kernel, { broken, choices }: Counterexample): Promise<string[]> {
  const lines: string[] = [];
  let state = await beginning(kernel);
  for (const choice of choices) {
    const step = stepsOf(kernel, state)[choice];
    if (!step) throw new Error('The way cannot be gone again: something decides that is not explored.');
    const { state: after } = await step.take();
    const seconds = ((state.nowMs - START_MS) / 1000).toFixed(0).padStart(6);
    lines.push(
      `${seconds} s  ${step.words()}${changes(recordIn(state.store), recordIn(after.store))}${guardMoves(state, after)}`,
    );
    state = after;
  }
  return [...lines, `          BROKEN: ${broken}`];
}

function changes(before: PayoutRecord | undefined, after: PayoutRecord | undefined): string {
  if (!after || before?.revision === after.revision) return '';
  const facts = after.history.slice(before?.history.length ?? 0).map(({ kind, source }) => `${kind} (${source})`);
  const told = facts.length > 0 ? `, ${facts.join(', ')}` : '';
  return `   [${after.status}, posts ${after.posts}, revision ${after.revision}${told}]`;
}

function guardMoves(before: State, after: State): string {
  const place = ({ processes }: State) => {
    const guard = processes.find(({ value }) => value.name === 'guard')?.value;
    if (guard?.kind === 'closed') return `${guard.status}${guard.error ? ` ${guard.error}` : ''}`;
    return guard?.kind === 'machine' && guard.point.value.stop.kind === 'task' ? guard.point.value.stop.state : '';
  };
  return place(before) === place(after) ? '' : `   [guard: ${place(after)}]`;
}
