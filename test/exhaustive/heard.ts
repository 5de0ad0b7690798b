import type { Invocation } from './invocation.ts';
import type { PayoutRecord } from './state.ts';

/** What Monoova said, as far as it has to be written down by whoever heard it. */
type Said = { readonly status?: string; readonly transactionId?: number; readonly transactionStatus?: string };

/**
 * What a function heard and did not write, though it ended well: an outcome that was looked up or told by a webhook, or that Monoova
 * has the payment. Undefined where nothing is missing. A function that throws has told its caller so.
 */
export function unheededBy(invocation: Invocation, record: PayoutRecord | undefined): string | undefined {
  const { standing, given, told } = invocation;
  if (standing.kind !== 'returned' || !record || record.status !== 'Pending') return undefined;
  if (given.shape.name === 'receive-webhook' && isReceived(standing.result)) {
    return 'a webhook was answered with 200, and the outcome is not written';
  }
  for (const { reply } of told) {
    if (reply?.kind !== 'http' || reply.outcome.kind !== 'answer') continue;
    const said = JSON.parse(reply.outcome.body) as Said;
    if (said.transactionStatus === 'Complete' || said.transactionStatus === 'Rejected') {
      return `${given.shape.name} was told ${said.transactionStatus}, and the outcome is not written`;
    }
    if (said.transactionId !== undefined && said.transactionId > 0 && !record.received) {
      return `${given.shape.name} was told that Monoova has the payment, and it is not written`;
    }
  }
  return undefined;
}

function isReceived(result: unknown): boolean {
  return (result as { readonly statusCode?: number } | null)?.statusCode === 200;
}
