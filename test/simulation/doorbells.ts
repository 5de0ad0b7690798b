import type { Item } from './database/stored-value.ts';
import type { Surroundings } from './surroundings.ts';

const RINGS_MS = { min: 1, max: 6 * 3_600_000 } as const;
/** While the payment is made and its webhook is on its way. */
const RINGS_EARLY_MS = { min: 500, max: 5_000 } as const;

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
    const { gate } = this.#around;
    const point = { label: 'doorbell is hung', service: 'people', kinds: ['rung by a stranger'] };
    if (gate.at({ ...point, name, rate: 0.02 })) this.#ringLater(token, name, RINGS_MS);
    // Only where a theme asks for it: few who ring are so early.
    const early = `${name} early`;
    if (gate.at({ ...point, name: early, label: 'doorbell has just been hung', rate: 0 })) {
      this.#ringLater(token, early, RINGS_EARLY_MS);
    }
  }

  #ringLater(token: string, name: string, { min, max }: { readonly min: number; readonly max: number }): void {
    const { chance, time, trace } = this.#around;
    time.after(Math.round(chance.spread(`${name} rings`, min, max)), () => {
      trace.note(name, () => 'a stranger rings');
      try {
        this.#ring(token);
      } catch {
        // Nobody waits any more.
      }
    });
  }
}
