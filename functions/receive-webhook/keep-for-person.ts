import { hash } from 'node:crypto';
import { parseReference, transactionIdOf } from '../../domain/reference.ts';
import type { Understood } from '../adapters/monoova/webhook-facts.ts';
import type { ProxyRequest } from '../adapters/proxy-event.ts';
import type { WebhookLetter } from '../shared/webhook-letter.ts';
import { type Delivery, msLeft, type Outcome, onceOrDirectly, type ReceiveWebhookDeps } from './ports.ts';

export type Unclear = Extract<Understood, { readonly kind: 'unclear' }>;

/**
 * Keeps what is left of a webhook that is not to be believed. Once a body and reason, so that Monoova's own repeat is not kept twice;
 * and not under the key under which the same body would be applied, since its path may be all that was wrong.
 * @throws whatever the queue throws. Then nothing is kept.
 */
export async function keepForPerson(deps: ReceiveWebhookDeps, unclear: Unclear, delivery: Delivery): Promise<void> {
  const letter = letterOf(unclear, delivery);
  const { error, remains } = unclear;
  deps.log.error('A proven webhook is not clear; it is kept for a person.', { error, ...remains });
  const key = `${error} ${remains.event} ${sha256(delivery.request.body)}`;
  const keep = async (): Promise<Outcome> => {
    await deps.queue.put(letter);
    return { outcome: 'queued' };
  };
  const keeping = onceOrDirectly(deps, { key, context: delivery.context }, keep);
  if ((await deps.within(keeping, msLeft(deps, delivery))) === undefined) await keep();
}

function letterOf({ error, remains }: Unclear, { request, receivedAt }: Delivery): WebhookLetter {
  const reference = parseReference(remains.unique_reference);
  const webhookId = webhookIdOf(request);
  return {
    ...(reference && { transaction_id: transactionIdOf(reference) }),
    fact: {
      kind: error,
      ...remains,
      problems: [...remains.problems],
      ...(webhookId !== undefined && { webhook_id: webhookId }),
      body_sha256: sha256(request.body),
    },
    error: error === 'misnamed' ? 'WebhookMisnamed' : 'WebhookUnreadable',
    received_at: receivedAt,
    request_id: request.requestId,
    attempts: 0,
  };
}

const WEBHOOK_ID = /^[1-9]\d{0,14}$/;

/** "Unique Id to identify this webhook notification" (OpenAPI v5.29): an integer, and nothing else is copied. */
function webhookIdOf(request: ProxyRequest): number | undefined {
  const id = request.header('webhookid');
  return id !== undefined && WEBHOOK_ID.test(id) ? Number(id) : undefined;
}

function sha256(body: Buffer): string {
  return hash('sha256', body);
}
