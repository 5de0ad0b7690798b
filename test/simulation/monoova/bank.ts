import type { JsonObject } from '../../../local/json.ts';
import type { Surroundings } from '../surroundings.ts';

export type PaymentState = 'Pending' | 'Complete' | 'Rejected' | 'Returned';

/** A payment that Monoova has taken: from here on money moves. */
export type Payment = {
  readonly number: number;
  readonly uniqueReference: string;
  readonly amountCents: number;
  /** What the request said of the payee, as it is quoted in webhooks. */
  readonly payee: JsonObject;
  readonly takenAtMs: number;
  /** How many payments the reference has, with this one. */
  readonly ordinal: number;
  state: PaymentState;
  /** When it came to its first end; undefined while it is Pending. */
  finalAtMs: number | undefined;
};

/** Whether Monoova refuses a repeated uniqueReference. Its documentation of 2017 says so; nobody has shown it for v2. */
export const PROFILES = ['dedupes', 'never-dedupes'] as const;
export type Profile = (typeof PROFILES)[number];

export type Instruction = {
  readonly uniqueReference: string;
  readonly amountCents: number;
  readonly payee: JsonObject;
};

/** What became of one request for a payment. */
export type Received =
  | { readonly kind: 'taken'; readonly payment: Payment }
  | { readonly kind: 'duplicate'; readonly number: number }
  | { readonly kind: 'declined' };

export type BankDeps = {
  readonly around: Surroundings;
  readonly profile: Profile;
  readonly onTaken: (payment: Payment) => void;
  /** Called with each state that is final, and with a return. */
  readonly onState: (payment: Payment) => void;
};

const FIRST_NUMBER = 1_001;
const SETTLES_MS = { min: 200, max: 20 * 60_000 } as const;
const SETTLES_SLOWLY_MS = { min: 20 * 60_000, max: 3 * 86_400_000 } as const;
const RETURNS_MS = { min: 500, max: 2 * 86_400_000 } as const;

/** The truth: which payments there are, and what becomes of them. */
export class Bank {
  readonly #deps: BankDeps;
  readonly #payments = new Map<string, Payment[]>();
  /** References that a decline has used up, though there is no payment. */
  readonly #burnt = new Set<string>();
  readonly #received = new Map<string, number>();
  #nextNumber = FIRST_NUMBER;

  constructor(deps: BankDeps) {
    this.#deps = deps;
  }

  paymentsOf(uniqueReference: string): readonly Payment[] {
    return this.#payments.get(uniqueReference) ?? [];
  }

  all(): Payment[] {
    return [...this.#payments.values()].flat();
  }

  receive(instruction: Instruction): Received {
    const { uniqueReference } = instruction;
    const { around, profile, onTaken } = this.#deps;
    const known = this.paymentsOf(uniqueReference);
    const [first] = known;
    if (profile === 'dedupes' && (first || this.#burnt.has(uniqueReference))) {
      return { kind: 'duplicate', number: first?.number ?? 0 };
    }
    const count = (this.#received.get(uniqueReference) ?? 0) + 1;
    this.#received.set(uniqueReference, count);
    const refusal = around.gate.at({
      name: `monoova ${shortOf(uniqueReference)} takes ${count}`,
      label: 'monoova: judgement',
      service: 'bank',
      kinds: ['declined', 'declined and remembered'],
      rate: 0.12,
    });
    if (refusal === 'declined and remembered') this.#burnt.add(uniqueReference);
    if (refusal !== undefined) return { kind: 'declined' };
    const payment: Payment = {
      ...instruction,
      number: this.#nextNumber++,
      takenAtMs: around.time.nowMs(),
      ordinal: known.length + 1,
      state: 'Pending',
      finalAtMs: undefined,
    };
    this.#payments.set(uniqueReference, [...known, payment]);
    around.trace.note('monoova', () => `takes payment ${payment.ordinal} of ${shortOf(uniqueReference)}`);
    onTaken(payment);
    this.#settle(payment);
    return { kind: 'taken', payment };
  }

  #settle(payment: Payment): void {
    const { gate, chance, time } = this.#deps.around;
    const name = nameOf(payment);
    const kinds = ['at once', 'rejected', 'rejected at once', 'returned', 'never final', 'slow'];
    const course = gate.at({ name: `${name} course`, label: 'monoova: course', service: 'bank', kinds, rate: 0.5 });
    const range = course === 'slow' ? SETTLES_SLOWLY_MS : SETTLES_MS;
    const afterMs = Math.round(chance.spread(`${name} settles`, range.min, range.max));
    const moveLater = (delayMs: number, state: PaymentState) => time.after(delayMs, () => this.#move(payment, state));
    if (course === 'never final') return;
    if (course === 'at once' || course === 'rejected at once') {
      this.#move(payment, course === 'at once' ? 'Complete' : 'Rejected');
      return;
    }
    moveLater(afterMs, course === 'rejected' ? 'Rejected' : 'Complete');
    if (course !== 'returned') return;
    moveLater(afterMs + Math.round(chance.spread(`${name} returns`, RETURNS_MS.min, RETURNS_MS.max)), 'Returned');
  }

  #move(payment: Payment, state: PaymentState): void {
    payment.state = state;
    payment.finalAtMs ??= this.#deps.around.time.nowMs();
    this.#deps.around.trace.note('monoova', () => `${nameOf(payment)} is ${state}`);
    this.#deps.onState(payment);
  }
}

/** Names a payment in the points of a run: its number would change with every other payment. */
export function nameOf({ uniqueReference, ordinal }: Payment): string {
  return `payment ${shortOf(uniqueReference)}.${ordinal}`;
}

export function shortOf(uniqueReference: string): string {
  return uniqueReference.slice(0, '00000000'.length);
}
