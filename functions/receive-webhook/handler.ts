import type { Context } from 'aws-lambda';
import type { Fact } from '../../domain/fact.ts';
import { type Answer, problemAnswer } from '../../domain/problem.ts';
import { parseReference } from '../../domain/reference.ts';
import { understandWebhook } from '../adapters/monoova/webhook-events.ts';
import type { Understood } from '../adapters/monoova/webhook-facts.ts';
import type { Proof } from '../adapters/monoova/webhook-proof.ts';
import { type ProxyRequest, parseProxyEvent } from '../adapters/proxy-event.ts';
import type { MetricName } from '../shared/ports.ts';
import { type Applied, applyFact, type Work } from './apply-fact.ts';
import { keepForPerson, type Unclear } from './keep-for-person.ts';
import type { Delivery, ReceiveWebhookDeps } from './ports.ts';

/** Longer than Monoova's key may take to come (signing-keys.ts). */
const PROVEN_WITHIN_MS = 1_600;
const PATH_PARAMETER = 'eventName';

/** Monoova counts only 200 as received, and repeats anything else once, after 30 seconds (OpenAPI v5.29). */
const RECEIVED: Answer = {
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  body: '{"received":true}',
};

/**
 * A webhook of Monoova's: prove, understand, apply once, answer. Nothing of the body is logged or stored but the fact, and nothing
 * at all before the proof. When Monoova hears 200, what was proven is done with or kept in the queue. Safe to repeat in any order,
 * also without the idempotency table, which only saves work.
 *
 *     proof    |------1.6------|
 *     apply    |---------2.0------|           from the beginning, at most three tries (ports.ts)
 *     queue                       |---0.9---| two tries of its client (index.ts)
 */
export function createHandler(deps: ReceiveWebhookDeps): (event: unknown, context: Context) => Promise<Answer> {
  return async function receiveWebhook(event, context) {
    const beganMs = deps.monotonicMs();
    const receivedAt = new Date(deps.nowMs()).toISOString();
    const request = parseProxyEvent(event);
    const proof = await prove(deps, request);
    if (proof === undefined) return answer(deps, 'WebhookFailed', problemAnswer('internal'));
    if (!proof.isProven) {
      deps.log.warn('A webhook was refused.', { reason: proof.reason });
      return answer(deps, 'WebhookUnproven', problemAnswer('unauthenticated_webhook'));
    }
    const eventName = request.pathParameters[PATH_PARAMETER];
    const understood = understandWebhook(request.body, { eventName, observedAt: receivedAt });
    try {
      return await receive(deps, understood, { request, context, beganMs, receivedAt });
    } catch (error) {
      deps.log.error('A proven webhook could neither be applied nor kept: Monoova has to send it again.', { error });
      return answer(deps, 'WebhookFailed', problemAnswer('internal'));
    }
  };
}

/** Undefined where neither proof nor refutation could be had: then Monoova has to repeat it. */
async function prove(deps: ReceiveWebhookDeps, request: ProxyRequest): Promise<Proof | undefined> {
  const authorization = request.header('authorization');
  const signature = signatureOf(request);
  try {
    const proof = await deps.within(deps.prove({ authorization, signature }, request.body), PROVEN_WITHIN_MS);
    if (proof === undefined) deps.log.error('A webhook could not be proven or refuted in time.');
    return proof;
  } catch (error) {
    deps.log.error('A webhook could not be proven or refuted.', { error });
    return undefined;
  }
}

/** Two signatures are one that is wrong: taken for none, they would be spared the check where the bearer alone is enough. */
function signatureOf(request: ProxyRequest): string | undefined {
  const [signature, ...others] = request.headerValues('verification-signature');
  return others.length === 0 ? signature : '';
}

/** @throws whatever the queue throws. */
async function receive(deps: ReceiveWebhookDeps, understood: Understood, delivery: Delivery): Promise<Answer> {
  switch (understood.kind) {
    case 'inbound':
      return answer(deps, 'WebhookInbound', RECEIVED);
    case 'unknown':
      deps.log.warn('A webhook of an event that nobody here knows.', { event: understood.event });
      return answer(deps, 'WebhookIgnored', RECEIVED);
    case 'unclear':
      await keepForPerson(deps, understood, delivery);
      return unclearAnswer(deps, understood);
    case 'fact':
      if (understood.transactionId === undefined) return foreign(deps, understood.fact);
      return apply(deps, { transactionId: understood.transactionId, fact: understood.fact }, delivery);
  }
}

const METRIC_OF_OUTCOME: Readonly<Record<Exclude<Applied['outcome'], 'foreign'>, MetricName>> = {
  applied: 'WebhookAccepted',
  replayed: 'WebhookReplayed',
  queued: 'WebhookQueued',
};

async function apply(deps: ReceiveWebhookDeps, work: Work, delivery: Delivery): Promise<Answer> {
  const { outcome } = await applyFact(deps, work, delivery);
  return outcome === 'foreign' ? foreign(deps, work.fact) : answer(deps, METRIC_OF_OUTCOME[outcome], RECEIVED);
}

/** Not 200: then it stands in Monoova's report of webhooks as well, from where it can be sent again once it can be read. */
function unclearAnswer(deps: ReceiveWebhookDeps, { error, remains }: Unclear): Answer {
  const errors = remains.problems.map((message) => ({ field: 'body', message }));
  const metric = error === 'misnamed' ? 'WebhookMisnamed' : 'WebhookUnreadable';
  return answer(deps, metric, problemAnswer('invalid_request', { errors }));
}

/** A payment of another system that pays from the same account. Its reference is shown only if it is a UUID. */
function foreign(deps: ReceiveWebhookDeps, fact: Fact): Answer {
  const reference = parseReference(fact.unique_reference);
  deps.log.info('A webhook is about no payout of ours.', reference === undefined ? {} : { reference });
  return answer(deps, 'WebhookForeign', RECEIVED);
}

function answer(deps: ReceiveWebhookDeps, metric: MetricName, given: Answer): Answer {
  deps.metrics.count(metric);
  return given;
}
