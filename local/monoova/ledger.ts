import type { Payout } from './payout.ts';
import type { Settings } from './settings.ts';

export type PaymentState = 'Pending' | 'Complete' | 'Rejected' | 'Returned';

/** Money that left the mAccount once, and what became of it. `Rejected` and `Returned` mean that it came back. */
export type Payment = Payout & {
  readonly transactionId: number;
  readonly atMs: number;
  readonly state: PaymentState;
  /** When the state became final; null while Pending. A return does not change it. */
  readonly finalAtMs: number | null;
  /** How much of it came back after success. */
  readonly returnedCents: number;
  /** Free text of the payee's bank, for a rejection or a return. */
  readonly reason: string | null;
  /** The transaction that brought the money back, or its last part; null if none did. */
  readonly reversalTransactionId: number | null;
};

export type Taken =
  | { readonly kind: 'taken'; readonly payment: Payment }
  | { readonly kind: 'duplicate'; readonly transactionId: number }
  | { readonly kind: 'no-funds' };

const FIRST_TRANSACTION_ID = 1_000_001;

/**
 * Every payment made from one mAccount, in whole cents. Its methods are synchronous, so two requests with one reference
 * can never both find it free.
 */
export class Ledger {
  readonly #settings: Settings;
  readonly #payments = new Map<number, Payment>();
  readonly #latestByReference = new Map<string, number>();
  #nextTransactionId = FIRST_TRANSACTION_ID;
  #balanceCents: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#balanceCents = settings.openingBalanceCents;
  }

  balanceCents(): number {
    return this.#balanceCents;
  }

  /** Oldest first. */
  payments(): Payment[] {
    return [...this.#payments.values()].map((payment) => ({ ...payment, payee: { ...payment.payee } }));
  }

  /** The transaction that already used `uniqueReference` (0 if that one was refused); undefined while it is free. */
  usedBy(uniqueReference: string): number | undefined {
    if (this.#settings.duplicates === 'never-dedupes') return undefined;
    return this.#latestByReference.get(uniqueReference);
  }

  /** The latest payment with this reference. */
  find(uniqueReference: string): Payment | undefined {
    const transactionId = this.#latestByReference.get(uniqueReference);
    return transactionId === undefined ? undefined : this.#payments.get(transactionId);
  }

  take(payout: Payout, nowMs: number): Taken {
    const previousId = this.usedBy(payout.uniqueReference);
    if (previousId !== undefined) return { kind: 'duplicate', transactionId: previousId };
    if (payout.amountCents > this.#balanceCents) return { kind: 'no-funds' };
    this.#balanceCents -= payout.amountCents;
    const transactionId = this.#newTransactionId();
    const payment: Payment = {
      ...payout,
      transactionId,
      atMs: nowMs,
      state: 'Pending',
      finalAtMs: null,
      returnedCents: 0,
      reason: null,
      reversalTransactionId: null,
    };
    this.#payments.set(transactionId, payment);
    this.#latestByReference.set(payout.uniqueReference, transactionId);
    this.#forgetOldest();
    return { kind: 'taken', payment };
  }

  /** Uses up the reference of a refused payment, where the settings say that Monoova would. */
  rememberRefused(uniqueReference: string): void {
    if (!this.#settings.remembersRefusedReferences) return;
    if (!this.#latestByReference.has(uniqueReference)) this.#latestByReference.set(uniqueReference, 0);
  }

  complete(transactionId: number, nowMs: number): Payment | undefined {
    return this.#change(transactionId, 'Pending', () => ({ state: 'Complete', finalAtMs: nowMs }));
  }

  /** The amount goes back to the mAccount (inferred: Monoova's webhook names a rejection's own transaction). */
  reject(transactionId: number, reason: string, nowMs: number): Payment | undefined {
    return this.#change(transactionId, 'Pending', (payment) => ({
      state: 'Rejected',
      finalAtMs: nowMs,
      reason,
      reversalTransactionId: this.#refund(payment.amountCents),
    }));
  }

  /**
   * Some of the amount, or the rest of it, comes back after success. Whether Monoova returns in parts is unknown.
   * @returns the payment and how much came back now; undefined when it is gone, or came back already
   */
  returnToSender(transactionId: number, reason: string, cents: number) {
    const before = this.#payments.get(transactionId)?.returnedCents ?? 0;
    const payment = this.#change(transactionId, 'Complete', ({ amountCents }) => {
      const backCents = Math.min(cents, amountCents - before);
      return {
        state: before + backCents === amountCents ? 'Returned' : 'Complete',
        returnedCents: before + backCents,
        reason,
        reversalTransactionId: this.#refund(backCents),
      };
    });
    return payment && { payment, cents: payment.returnedCents - before };
  }

  /** Undefined when the payment is gone or no longer in `from`: nothing is refunded twice. */
  #change(id: number, from: PaymentState, update: (payment: Payment) => Partial<Payment>): Payment | undefined {
    const payment = this.#payments.get(id);
    if (payment?.state !== from) return undefined;
    const changed = { ...payment, ...update(payment) };
    this.#payments.set(id, changed);
    return changed;
  }

  #refund(cents: number): number {
    this.#balanceCents += cents;
    return this.#newTransactionId();
  }

  #newTransactionId(): number {
    const id = this.#nextTransactionId;
    this.#nextTransactionId += 1;
    return id;
  }

  #forgetOldest(): void {
    if (this.#latestByReference.size > this.#settings.keptPayments) {
      const [oldest] = this.#latestByReference.keys();
      if (oldest !== undefined) this.#latestByReference.delete(oldest);
    }
    if (this.#payments.size > this.#settings.keptPayments) {
      const [oldest] = this.#payments.keys();
      if (oldest !== undefined) this.#payments.delete(oldest);
    }
  }
}
