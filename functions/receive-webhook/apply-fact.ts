import { hash } from 'node:crypto';
import type { Fact } from '../../domain/fact.ts';
import { hasOurForm, parseReference, type TransactionId } from '../../domain/reference.ts';
import { errorName } from '../shared/error-name.ts';
import { settle } from '../shared/settle.ts';
import { type Delivery, msLeft, type Outcome, onceOrDirectly, type ReceiveWebhookDeps } from './ports.ts';

export type Work = { readonly transactionId: TransactionId; readonly fact: Fact };

/** Three tries in all. */
const WAITS_BETWEEN_TRIES_MS = [50, 200] as const;

/** The same bytes had been received before, and nothing was done now. */
export type Applied = Outcome | { readonly outcome: 'replayed' };

type Way = { readonly delivery: Delivery; triesMade: number };

/**
 * Applies a fact once, or keeps it in the queue: where three tries failed or took too long, where the payout is not there (yet), and
 * where the guard could not be told. Safe to repeat.
 * @throws whatever the queue throws. Then nothing is kept, and Monoova must send the webhook again.
 */
export async function applyFact(deps: ReceiveWebhookDeps, work: Work, delivery: Delivery): Promise<Applied> {
  const way: Way = { delivery, triesMade: 0 };
  const key = hash('sha256', delivery.request.body);
  const applying = onceOrDirectly(deps, { key, context: delivery.context }, () => settleOrQueue(deps, work, way));
  const done = await deps.within(applying, msLeft(deps, delivery));
  // It goes on by itself, and may still be applied: applying it again from the queue changes nothing then.
  if (done === undefined) return queue(deps, work, way, 'TooSlowError');
  return way.triesMade === 0 ? { outcome: 'replayed' } : done;
}

async function settleOrQueue(deps: ReceiveWebhookDeps, work: Work, way: Way): Promise<Outcome> {
  const settled = await settleWithTries(deps, work, way);
  if (settled instanceof Error) return queue(deps, work, way, errorName(settled));
  if (settled.outcome === 'no-such-payout') {
    return isOurs(work.fact) ? queue(deps, work, way, 'PayoutNotFoundError') : { outcome: 'foreign' };
  }
  return settled.doorbell === 'failed' ? queue(deps, work, way, 'DoorbellFailed') : { outcome: 'applied' };
}

async function settleWithTries(deps: ReceiveWebhookDeps, { transactionId, fact }: Work, way: Way) {
  for (;;) {
    way.triesMade += 1;
    try {
      return await settle(deps, transactionId, fact);
    } catch (error) {
      const waitMs = WAITS_BETWEEN_TRIES_MS[way.triesMade - 1];
      if (waitMs === undefined) return error instanceof Error ? error : new Error('Something else than an error.');
      await deps.wait(waitMs);
    }
  }
}

async function queue(deps: ReceiveWebhookDeps, work: Work, way: Way, error: string): Promise<Outcome> {
  const { transactionId, fact } = work;
  const { delivery, triesMade: attempts } = way;
  const keys = { transaction_id: transactionId, fact: fact.kind, error, attempts };
  deps.log.warn('A webhook is not done with; its fact is put into the queue.', keys);
  await deps.queue.put({
    transaction_id: transactionId,
    fact,
    error,
    received_at: delivery.receivedAt,
    request_id: delivery.request.requestId,
    attempts,
  });
  return { outcome: 'queued' };
}

/** Of the form of ours, so that its payout may still come, or was lost with a table. */
function isOurs(fact: Fact): boolean {
  const reference = parseReference(fact.unique_reference);
  return reference !== undefined && hasOurForm(reference);
}
