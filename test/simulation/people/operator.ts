import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Controls, paused, resumed } from '../../../domain/controls.ts';
import { createControls } from '../../../functions/adapters/controls.ts';
import { changeControls } from '../../../functions/shared/change-controls.ts';
import type { Clients } from '../aws/clients.ts';
import { Caller } from '../caller.ts';
import type { Item } from '../database/stored-value.ts';
import type { Surroundings } from '../surroundings.ts';

export type OperatorDeps = {
  readonly around: Surroundings;
  readonly controlsTable: string;
  /** Clients whose calls are a person's, made for one command. */
  /** Whoever restores a table decides alone when payouts go on. */
  readonly isRestoring: () => boolean;
  readonly clientsFor: (caller: Caller) => Clients;
};

const PAUSES_MS = { min: 1, max: 86_400_000 } as const;
const PAUSE_LASTS_MS = { min: 1_000, max: 2 * 86_400_000 } as const;
/** From the alarm until somebody has looked after the key. */
const COMES_MS = { min: 600_000, max: 43_200_000 } as const;

/** Whoever is on call: pauses and resumes now and then, and comes when Monoova refuses the key. */
export class Operator {
  readonly #deps: OperatorDeps;
  #calls = 0;

  constructor(deps: OperatorDeps) {
    this.#deps = deps;
  }

  /** What a person does of their own accord. */
  begin(): void {
    const { gate, chance, time } = this.#deps.around;
    const kinds = ['pauses', 'resumes for no reason'];
    const act = gate.at({ name: 'operator', label: 'operator', service: 'people', kinds, rate: 0.3 });
    if (act === undefined) return;
    const atMs = Math.round(chance.spread('operator acts', PAUSES_MS.min, PAUSES_MS.max));
    if (act === 'resumes for no reason') {
      time.after(atMs, () => this.#resume());
      return;
    }
    const lastsMs = Math.round(chance.spread('operator pauses for', PAUSE_LASTS_MS.min, PAUSE_LASTS_MS.max));
    time.after(atMs, () => this.#change('pauses', (controls, by, nowMs) => paused(controls, by, 'simulated', nowMs)));
    time.after(atMs + lastsMs, () => this.#resume());
  }

  /** Looks at the control item about to be written: a key that is newly refused raises an alarm. */
  onControls(before: Item | undefined, after: Item | undefined): void {
    const refusedAt = after?.['refused_at'];
    if (typeof refusedAt !== 'string' || refusedAt === before?.['refused_at']) return;
    const { gate, chance, time } = this.#deps.around;
    const name = `operator is called ${refusedAt}`;
    const label = 'operator is called about the key';
    if (gate.at({ name, label, service: 'people', kinds: ['nobody comes'], rate: 0.2 })) return;
    time.after(Math.round(chance.spread(name, COMES_MS.min, COMES_MS.max)), () => this.#resume());
  }

  #resume(): void {
    this.#change('resumes', resumed);
  }

  /** As `payouts pause` and `payouts resume` do it. A command that fails is one that a person repeats, and here does not. */
  #change(what: string, change: (controls: Controls, by: string, nowMs: number) => Controls): void {
    const { around, controlsTable, clientsFor, isRestoring } = this.#deps;
    if (isRestoring()) return;
    this.#calls += 1;
    const caller = new Caller(`operator ${what} ${this.#calls}`, 'operator');
    const client: DynamoDBDocumentClient = clientsFor(caller).documents;
    const store = createControls(client, controlsTable);
    const by = `arn:aws:iam::000000000000:user/${caller.name.replaceAll(' ', '-')}`;
    const run = async () => {
      const known = await store.read();
      await changeControls(store, known, (from) => change(from, by, around.time.nowMs()));
    };
    run().catch((error: unknown) => around.trace.note(caller.name, () => `fails: ${String(error)}`));
  }
}
