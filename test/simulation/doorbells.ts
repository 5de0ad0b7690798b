import type { Item } from './database/stored-value.ts';
import type { Surroundings } from './surroundings.ts';

const RINGS_MS = { min: 1, max: 6 * 3_600_000 } as const;

/** Whoever can read a token can ring: a person in the console, or a defect of ours. Nobody who rings is to be believed. */
export class Doorbells {
  readonly #around: Surroundings;
  readonly #ring: (token: string) => void;
  readonly #hung = new Map<string, number>();

  constructor(around: Surroundings, ring: (token: string) => void) {
    this.#around = around;
    this.#ring = ring;
  }

  /** Looks at a record about to be written: a new token in it may be rung by somebody. */
  onRecord(before: Item | undefined, after: Item | undefined): void {
    const token = after?.['task_token'];
    if (typeof token !== 'string' || token === before?.['task_token']) return;
    const id = String(after?.['transaction_id']);
    const count = (this.#hung.get(id) ?? 0) + 1;
    this.#hung.set(id, count);
    const name = `doorbell ${count} of ${id}`;
    const { gate, chance, time, trace } = this.#around;
    const kinds = ['rung by a stranger'];
    if (!gate.at({ name, label: 'doorbell is hung', service: 'people', kinds, rate: 0.02 })) return;
    time.after(Math.round(chance.spread(`${name} rings`, RINGS_MS.min, RINGS_MS.max)), () => {
      trace.note(name, () => 'a stranger rings');
      try {
        this.#ring(token);
      } catch {
        // Nobody waits any more.
      }
    });
  }
}
