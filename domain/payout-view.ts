import type { HistoryView, PayoutDetails, PayoutView } from './answers.ts';
import type { Fact } from './fact.ts';
import { type Cents, dollarsOf } from './money.ts';
import type { ListedPayout, Payout, PayoutStatus } from './payout.ts';

/** What a client is told of each status. The submission machine takes its sentences from here too. */
export const STATUS_MESSAGES: Readonly<Record<PayoutStatus, string>> = {
  Pending: 'The payout is recorded and on its way. Ask for it by its transaction_id to see its outcome.',
  Failed: 'No money moved. To try again, send the request with a new Idempotency-Key.',
  Rejected: "The payee's bank refused the money. To try again, send the request with a new Idempotency-Key.",
  Completed: 'The payee has the money.',
  Returned: 'The money arrived and came back later. To try again, send the request with a new Idempotency-Key.',
};

/**
 * Said in place of an invitation to try again, where facts contradict each other or more than one POST may have arrived: then
 * trying again could pay twice.
 */
export const DISPUTED_MESSAGE =
  'What is known of this payout does not fit together, and a person is looking at it. Do not pay it again until they have answered.';

/** Said of a payout that is Completed, of which a part came back. */
export const PARTLY_RETURNED_MESSAGE =
  'The payee has a part of the money: returned_amount of it came back. Do not send the whole payout again.';

/** Said in addition where the request came without a key. */
export const NO_KEY_MESSAGE =
  ' Without an Idempotency-Key the same request within 24 hours, or while this one is Pending, is this same payout; send a key to pay twice on purpose.';

/** Said in addition of a record that was lost and rebuilt. */
export const REBUILT_MESSAGE =
  ' Its record was lost, and was rebuilt from what Monoova knows: for whom it was, and by which method, is not known any more.';

type Shown = Omit<ListedPayout, 'customer_id' | 'payout_method'>;

/** What a list and the answer to `POST /payouts` show of a payout (the submission machine builds the latter; a test holds the two alike). */
export function payoutView(payout: Shown): PayoutView {
  return {
    transaction_id: payout.transaction_id,
    status: payout.status,
    amount: payout.amount_cents === undefined ? null : dollarsOf(payout.amount_cents as Cents),
    currency: payout.currency,
    destination: payout.destination_masked,
    message: messageOf(payout),
    created_at: payout.created_at,
  };
}

function messageOf(payout: Shown): string {
  if (isDisputed(payout)) return DISPUTED_MESSAGE;
  const noKey = payout.has_key === false ? NO_KEY_MESSAGE : '';
  return statusMessage(payout) + noKey + (payout.rebuilt_at === undefined ? '' : REBUILT_MESSAGE);
}

/** What a status means, without the client's next step. */
export function statusMessage({ status, returned_cents }: Pick<Payout, 'status' | 'returned_cents'>): string {
  return status === 'Completed' && returned_cents !== undefined ? PARTLY_RETURNED_MESSAGE : STATUS_MESSAGES[status];
}

/** A Rejected that was posted twice says how one of the two ended. */
function isDisputed({ conflict, posts, status }: Shown): boolean {
  return conflict === true || (posts > 1 && (status === 'Rejected' || status === 'Returned'));
}

/** One payout with all that is known of it, for the client that made it and for an operator. */
export function payoutDetails(payout: Payout): PayoutDetails {
  const { customer_id, payout_method, description, updated_at } = payout;
  return {
    ...payoutView(payout),
    ...(customer_id === undefined ? {} : { customer_id }),
    ...(payout_method === undefined ? {} : { payout_method }),
    ...(description === undefined ? {} : { description }),
    updated_at,
    ...(payout.conflict ? { conflict: true as const } : {}),
    ...(payout.returned_cents === undefined ? {} : { returned_amount: dollarsOf(payout.returned_cents as Cents) }),
    history: [beginningOf(payout), ...payout.history.map(historyView)],
  };
}

function beginningOf({ created_at, rebuilt_at }: Payout): HistoryView {
  if (rebuilt_at === undefined) return { at: created_at, source: 'request', event: 'recorded' };
  return { at: rebuilt_at, source: 'reconciliation', event: 'rebuilt' };
}

function historyView(fact: Fact): HistoryView {
  const { observed_at, source, kind, detail } = fact;
  return { at: observed_at, source, event: kind, ...(detail === undefined ? {} : { detail }) };
}
