import type { Context } from 'aws-lambda';
import type { ProveWebhook } from '../adapters/monoova/webhook-proof.ts';
import type { ProxyRequest } from '../adapters/proxy-event.ts';
import type { Once } from '../powertools/idempotency.ts';
import { errorName } from '../shared/error-name.ts';
import type { NowMs, WebhookQueue, Within } from '../shared/ports.ts';
import type { SettleDeps } from '../shared/settle.ts';

/** What became of a webhook, as it is remembered: nothing of what it said. */
export type Outcome = { readonly outcome: 'applied' | 'queued' | 'foreign' };

export type ReceiveWebhookDeps = SettleDeps & {
  readonly prove: ProveWebhook;
  readonly once: Once<Outcome>;
  readonly queue: WebhookQueue;
  readonly nowMs: NowMs;
  /** Milliseconds since any moment; never set back or forward, as the time of day may be. */
  readonly monotonicMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly within: Within;
};

/** One webhook, on its way through. */
export type Delivery = {
  readonly request: ProxyRequest;
  readonly context: Context;
  /** By `monotonicMs`. */
  readonly beganMs: number;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
};

/** From the beginning, in milliseconds: what is not done by then goes into the queue, so that Monoova is answered within three seconds. */
const DONE_BY_MS = 2_000;

export function msLeft(deps: ReceiveWebhookDeps, { beganMs }: Delivery): number {
  return Math.max(0, DONE_BY_MS - (deps.monotonicMs() - beganMs));
}

const WITHOUT_MEMORY = [
  'IdempotencyPersistenceLayerError',
  'IdempotencyAlreadyInProgressError',
  // The record expires between the refused write and the look at it.
  'IdempotencyInconsistentStateError',
];

/**
 * Once a key where the idempotency table remembers it. A table of conveniences must not keep an outcome from being written, nor may
 * another invocation that is at the same webhook, since it may yet die: then it is run again, which changes nothing.
 */
export async function onceOrDirectly(
  deps: ReceiveWebhookDeps,
  { key, context }: { readonly key: string; readonly context: Context },
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await deps.once(key, context, run);
  } catch (error) {
    if (!WITHOUT_MEMORY.includes(errorName(error))) throw error;
    deps.log.warn('A webhook goes on without the idempotency table.', { error: errorName(error) });
    return run();
  }
}
