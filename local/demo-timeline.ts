import type { LocalRun } from './start.ts';
import type { HistoryEvent } from './step-functions/history.ts';

/** Something that happened, when, and to whom it happened. */
export type Moment = { readonly atMs: number; readonly who: string; readonly what: string };

/**
 * Tells what has happened in a run since the last time it was asked: states that were entered, calls that Monoova got,
 * webhooks that it sent. Reads only; what happened before `sinceMs` is left out.
 */
export class Timeline {
  readonly #run: LocalRun;
  readonly #sinceMs: number;
  readonly #told = new Set<string>();

  constructor(run: LocalRun, sinceMs: number) {
    this.#run = run;
    this.#sinceMs = sinceMs;
  }

  /** Oldest first. */
  news(): Moment[] {
    const found = [...this.#states(), ...this.#requests(), ...this.#webhooks()];
    return found
      .filter(([key, { atMs }]) => atMs >= this.#sinceMs && this.#isNew(key))
      .map(([, moment]) => moment)
      .sort((a, b) => a.atMs - b.atMs);
  }

  #isNew(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  #states(): [string, Moment][] {
    const { stepFunctions } = this.#run;
    return stepFunctions.listStateMachines().flatMap(({ stateMachineArn, name }) =>
      stepFunctions.listExecutions(stateMachineArn).flatMap(({ executionArn, history }) =>
        history.flatMap((event): [string, Moment][] => {
          const what = describe(event);
          return what === undefined
            ? []
            : [[`${executionArn}#${event.id}`, { atMs: event.timestampMs, who: name, what }]];
        }),
      ),
    );
  }

  #requests(): [string, Moment][] {
    const requests = this.#run.simulator?.requests() ?? [];
    return requests.map(({ atMs, method, path }, index) => [
      `request ${index}`,
      { atMs, who: 'Monoova', what: `gets ${method} ${withoutReference(path)}` },
    ]);
  }

  #webhooks(): [string, Moment][] {
    const tries = this.#run.simulator?.webhooks() ?? [];
    return tries.map(({ atMs, eventName, webhookId, statusCode, error }, index) => [
      `webhook ${index}`,
      { atMs, who: 'Monoova', what: `sends webhook ${eventName} ${webhookId}: ${statusCode ?? error}` },
    ]);
  }
}

function describe({ type, details }: HistoryEvent): string | undefined {
  if (type.endsWith('StateEntered')) return String(details?.['name']);
  if (type === 'ExecutionSucceeded') return 'succeeded';
  if (/(Task|Function)(Failed|TimedOut)$/.test(type)) return `${type}: ${String(details?.['error'] ?? '')}`;
  if (/^Execution(Failed|TimedOut|Aborted)$/.test(type)) return `${type}: ${String(details?.['error'] ?? '')}`;
  return undefined;
}

/** Look-ups end in the payout's reference, which says nothing to a reader of the timeline. */
function withoutReference(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/i, '…');
}
