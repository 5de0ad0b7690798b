import type { Payout } from '../../../domain/payout.ts';
import type { Payment } from '../monoova/bank.ts';
import type { Claim } from '../monoova/webhooks.ts';

/** What Monoova did with a reference, and what it claimed in webhooks, true or not. */
export type Truth = {
  readonly payments: readonly Payment[];
  readonly sent: ReadonlySet<Claim['state']>;
  /** Those of them that were answered 200: from then on we are to know. */
  readonly received: ReadonlySet<Claim['state']>;
};

const RANKS = ['Pending', 'Failed', 'Rejected', 'Completed', 'Returned'] as const;
const CLAIM_OF_STATUS = { Rejected: 'Rejected', Completed: 'Complete', Returned: 'Returned' } as const;
const STATUS_OF_CLAIM = { Rejected: 'Rejected', Complete: 'Completed', Returned: 'Returned' } as const;
/** Monoova's status knows no return: who misses the webhook of one goes on believing that the payment is complete. */
const MEANINGS: Readonly<Record<Payment['state'], readonly Payout['status'][]>> = {
  Pending: [],
  Complete: ['Completed'],
  Rejected: ['Rejected'],
  Returned: ['Completed', 'Returned'],
};

/** Why a final status is not what Monoova did; undefined where it is, or where the record says itself that facts disagree. */
export function untruthOf(payout: Payout, truth: Truth): string | undefined {
  const { status, conflict } = payout;
  if (conflict || status === 'Pending') return undefined;
  const states = truth.payments.map(({ state }) => state);
  if (status === 'Failed') return states.length === 0 ? undefined : `Failed, and Monoova has a payment: ${states}`;
  if (truth.sent.has(CLAIM_OF_STATUS[status])) return undefined;
  if (states.some((state) => MEANINGS[state].includes(status))) return undefined;
  return `${status}, and Monoova's payments are: ${states.join(', ') || 'none'}`;
}

/** A webhook that was answered 200 and did not raise the record to what it claims. */
export function unheardClaimOf({ status, conflict }: Payout, { received }: Truth): string | undefined {
  if (conflict) return undefined;
  for (const claim of received) {
    const claimed = STATUS_OF_CLAIM[claim];
    if (RANKS.indexOf(status) < RANKS.indexOf(claimed)) return `${claimed} was received, and the record is ${status}`;
  }
  return undefined;
}
