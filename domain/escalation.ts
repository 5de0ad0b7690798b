import type { Fact, FactKind } from './fact.ts';
import { openPosts, type Payout } from './payout.ts';

/** What the guard itself has noted about giving up teaches nobody how the payout stands. */
const OWN_NOTES: readonly FactKind[] = ['patience-ended', 'escalated'];

/**
 * What a person is told of a payout whose outcome nobody could find out, in sentences: what may have been sent, and the last that
 * anybody said. Ids, codes and times alone; nothing of the payee.
 */
export function knownOf(payout: Payout): string {
  return [sentOf(payout), receivedOf(payout), lastAnswerOf(payout)].filter((sentence) => sentence !== '').join(' ');
}

function sentOf(payout: Payout): string {
  const { posts, last_posted_at } = payout;
  if (last_posted_at === undefined) return 'It was never sent to Monoova.';
  const last = `the last was sent at ${last_posted_at}`;
  if (posts === 0) return `No POST of it may have arrived; ${last}.`;
  const answered = posts - openPosts(payout);
  const held = answered === 0 ? '' : `, ${answered} of which a person held for unreceived`;
  return `${posts} ${posts === 1 ? 'POST' : 'POSTs'} of it may have arrived${held}; ${last}.`;
}

function receivedOf({ received, monoova_transaction_id }: Payout): string {
  if (monoova_transaction_id !== undefined) return `Monoova's number of it is ${monoova_transaction_id}.`;
  return received ? 'Monoova has said that it holds it.' : '';
}

function lastAnswerOf({ history }: Payout): string {
  const last = history.findLast(({ kind }) => !OWN_NOTES.includes(kind));
  return last ? `The last that was learnt: ${wordsOf(last)}.` : 'Nothing was ever learnt about it.';
}

function wordsOf({ kind, source, detail, observed_at }: Fact): string {
  return `${kind}${detail === undefined ? '' : ` (${detail})`}, by ${source}, at ${observed_at}`;
}
