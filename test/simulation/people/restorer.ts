import { pausedForRestore, resumed } from '../../../domain/controls.ts';
import { sydneyDayOf } from '../../../domain/sydney-day.ts';
import { createControls } from '../../../functions/adapters/controls.ts';
import { changeControls } from '../../../functions/shared/change-controls.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import type { Clients } from '../aws/clients.ts';
import { Caller } from '../caller.ts';
import type { ToldReturn } from '../monoova/webhooks.ts';
import type { Surroundings } from '../surroundings.ts';

export type RestorerDeps = {
  readonly around: Surroundings;
  readonly controlsTable: string;
  readonly clientsFor: (caller: Caller) => Clients;
  /** Puts the table of payouts back to a moment. */
  readonly restoreTo: (ms: number) => void;
  readonly reconcile: (input: string, as: string) => ExecutionRecord;
  readonly done: (executionArn: string) => Promise<ExecutionRecord>;
  /** What Monoova's report says of the returns that it told from a moment on. */
  readonly returnsSince: (ms: number) => readonly ToldReturn[];
  /** Whether a payment is on its way to Monoova and has not arrived. */
  readonly isAnythingStuck: () => boolean;
};

const RESTORE_RATE = 0.12;
const BEGINS_MS = { min: 1_000, max: 2 * 86_400_000 } as const;
const BACK_MS = { min: 1_000, max: 43_200_000 } as const;
/** "Wait a minute: what was under way has ended" (docs/runbook.md). */
const UNDER_WAY_MS = 60_000;
/** "Wait six minutes": the webhook function has forgotten which webhooks it applied (functions/powertools/idempotency.ts). */
const FORGOTTEN_MS = 360_000;
const COMMAND_MS = 60_000;
const AGAIN_AFTER_MS = 600_000;
/** Whoever restores does not give up: after so many tries whatever is broken has been mended. */
const TRIES_UNTIL_MENDED = 6;
const TRIES_MAX = 30;
const BY = 'arn:aws:iam::000000000000:user/restorer';

/**
 * Restores the table of payouts to a point in time, as the runbook says: pause, restore, rebuild until it is complete, once more, resume.
 * Assumption: whoever resumes knows that no request is stuck on its way to Monoova, where a stage or Monoova might pay it twice.
 */
export class Restorer {
  readonly #deps: RestorerDeps;
  #calls = 0;
  #isAtWork = false;

  constructor(deps: RestorerDeps) {
    this.#deps = deps;
  }

  /** Nobody else pauses or resumes until it has ended. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  begin(): void {
    const { gate, chance, time } = this.#deps.around;
    const point = { name: 'restore', label: 'the table is restored', service: 'people', kinds: ['restored'] };
    if (!gate.at({ ...point, rate: RESTORE_RATE })) return;
    this.#isAtWork = true;
    time.after(Math.round(chance.spread('restore begins', BEGINS_MS.min, BEGINS_MS.max)), () => {
      void this.#restore();
    });
  }

  async #restore(): Promise<void> {
    const { around, restoreTo, isAnythingStuck } = this.#deps;
    const { time, chance, trace } = around;
    await this.#untilDone('pauses', () => this.#inTime(this.#pause()));
    await this.#wait(UNDER_WAY_MS);
    const backMs = Math.round(chance.spread('restore goes back', BACK_MS.min, BACK_MS.max));
    const pointMs = Math.max(around.startMs, time.nowMs() - backMs);
    trace.note('restorer', () => `restores the payouts to ${new Date(pointMs).toISOString()}`);
    restoreTo(pointMs);
    await this.#wait(FORGOTTEN_MS);
    await this.#untilDone('rebuilds', () => this.#rebuild(pointMs));
    await this.#untilDone('rebuilds once more', () => this.#rebuild(pointMs));
    await this.#untilDone('waits for what is stuck', async () => !isAnythingStuck());
    await this.#untilDone('rebuilds at last', () => this.#rebuild(pointMs));
    await this.#untilDone('sees every return delivered', () => this.#rebuildUntilDelivered(pointMs));
    await this.#untilDone('resumes', () => this.#inTime(this.#resume()));
    this.#isAtWork = false;
  }

  async #untilDone(what: string, run: () => Promise<boolean>): Promise<void> {
    const { trace } = this.#deps.around;
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      if (tries > TRIES_UNTIL_MENDED) await this.#mend();
      const isDone = await run().catch((error: unknown) => {
        trace.note('restorer', () => `${what}: fails with ${String(error)}`);
        return false;
      });
      if (isDone) {
        trace.note('restorer', () => `${what}: done`);
        return;
      }
      await this.#wait(AGAIN_AFTER_MS * 2 ** Math.min(tries, TRIES_UNTIL_MENDED));
    }
  }

  /** By then whatever was broken is whole again, and Monoova's people have looked after the key: it is tried once more, with payouts paused. */
  async #mend(): Promise<void> {
    const { gate, time, trace } = this.#deps.around;
    gate.calm();
    const store = this.#controls();
    const tried = store.read().then((known) =>
      changeControls(store, known, (from) => {
        const nowMs = time.nowMs();
        return from.paused_at === undefined ? from : pausedForRestore(resumed(from, BY, nowMs), BY, 'restore', nowMs);
      }),
    );
    await tried.catch((error: unknown) => trace.note('restorer', () => `tries the key: fails with ${String(error)}`));
  }

  /** True once the control item itself says so. */
  async #pause(): Promise<boolean> {
    const { time } = this.#deps.around;
    const store = this.#controls();
    await changeControls(store, await store.read(), (from) => pausedForRestore(from, BY, 'restore', time.nowMs()));
    return (await store.read()).paused_at !== undefined;
  }

  async #resume(): Promise<boolean> {
    const { time } = this.#deps.around;
    const store = this.#controls();
    await changeControls(store, await store.read(), (from) => resumed(from, BY, time.nowMs()));
    return (await store.read()).paused_at === undefined;
  }

  /** Each command is a process of its own: one that hangs is ended, and run again. */
  #controls() {
    this.#calls += 1;
    const caller = new Caller(`restorer ${this.#calls}`, 'operator');
    return createControls(this.#deps.clientsFor(caller).documents, this.#deps.controlsTable);
  }

  /** True where the rebuild has ended and left nothing out. */
  async #rebuild(pointMs: number): Promise<boolean> {
    const { around, reconcile, done } = this.#deps;
    this.#calls += 1;
    const input = { from: sydneyDayOf(pointMs), to: sydneyDayOf(around.time.nowMs()), rebuild: true };
    const { executionArn } = reconcile(JSON.stringify(input), `rebuild ${this.#calls}`);
    const { status, output } = await done(executionArn);
    if (status !== 'SUCCEEDED') return false;
    return (JSON.parse(output ?? '{}') as { readonly is_complete?: boolean }).is_complete === true;
  }

  async #rebuildUntilDelivered(pointMs: number): Promise<boolean> {
    if (this.#deps.returnsSince(pointMs).every(({ isReceived, isFailing }) => isReceived || isFailing)) return true;
    await this.#rebuild(pointMs);
    return false;
  }

  /** A command that was killed never ends; whoever runs it sees that. */
  #inTime(command: Promise<boolean>): Promise<boolean> {
    return Promise.race([command, this.#wait(COMMAND_MS).then(() => false)]);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#deps.around.time.after(ms, resolve);
    });
  }
}
