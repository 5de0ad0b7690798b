import { createHash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { Fact } from '../../domain/fact.ts';
import { type Answer, problemAnswer } from '../../domain/problem.ts';
import { parseReference, type TransactionId } from '../../domain/reference.ts';
import { type Understood, understandWebhook } from '../adapters/monoova/webhook-events.ts';
import type { Proof, ProveWebhook } from '../adapters/monoova/webhook-proof.ts';
import { type ProxyRequest, parseProxyEvent } from '../adapters/proxy-event.ts';
import type { WebhookDeadLetters } from '../adapters/webhook-dead-letters.ts';
import type { Once } from '../powertools/idempotency.ts';
import type { MetricName, NowMs } from '../shared/ports.ts';
import { type SettleDeps, settle } from '../shared/settle.ts';

/** What is stored of a webhook that was applied: nothing of what it said. */
export type Outcome = { readonly outcome: 'applied' | 'known' };

/** Thrown past the idempotency, which forgets what throws: the payout may be there when the same webhook comes again. */
class NoSuchPayoutError extends Error {
  override readonly name = 'NoSuchPayoutError' as const;
}

export type ReceiveWebhookDeps = SettleDeps & {
  readonly prove: ProveWebhook;
  readonly once: Once<Outcome>;
  readonly deadLetters: WebhookDeadLetters;
  readonly nowMs: NowMs;
  readonly wait: (ms: number) => Promise<void>;
};

/** Three tries in all. */
const WAITS_BETWEEN_TRIES_MS = [100, 400] as const;
/** Left for the dead letter and the answer; no further try starts with less. */
const RESERVE_MS = 4_000;
const PATH_PARAMETER = 'eventName';

/** Monoova counts only 200 as received, and repeats anything else once, after 30 seconds (OpenAPI v5.29). */
const RECEIVED: Answer = {
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  body: '{"received":true}',
};

/**
 * A webhook of Monoova's: prove, understand, apply once, answer. Nothing of the body is logged or stored but the fact, and nothing
 * at all before the proof. Safe to repeat in any order, also without the idempotency table, which only saves work.
 */
export function createHandler(deps: ReceiveWebhookDeps): (event: unknown, context: Context) => Promise<Answer> {
  return async function receiveWebhook(event, context) {
    const request = parseProxyEvent(event);
    const proof = await prove(deps, request);
    if (proof === undefined) return problemAnswer('internal');
    if (!proof.isProven) {
      deps.log.warn('A webhook was refused.', { reason: proof.reason });
      return answer(deps, 'WebhookUnproven', problemAnswer('unauthenticated_webhook'));
    }
    const observedAt = new Date(deps.nowMs()).toISOString();
    const understood = understandWebhook(request.body, {
      eventName: request.pathParameters[PATH_PARAMETER],
      observedAt,
    });
    return receive(deps, understood, { request, context });
  };
}

type Delivery = { readonly request: ProxyRequest; readonly context: Context };

/** Undefined where neither proof nor refutation could be had: then Monoova has to repeat it. */
async function prove(deps: ReceiveWebhookDeps, request: ProxyRequest): Promise<Proof | undefined> {
  const authorization = request.header('authorization');
  const signature = request.header('verification-signature');
  try {
    return await deps.prove({ authorization, signature }, request.body);
  } catch (error) {
    deps.log.error('A webhook could not be proven or refuted.', { error });
    deps.metrics.count('WebhookFailed');
    return undefined;
  }
}

async function receive(deps: ReceiveWebhookDeps, understood: Understood, delivery: Delivery): Promise<Answer> {
  switch (understood.kind) {
    case 'ignored':
      deps.log.info('A webhook of another event was ignored.', { event: understood.event });
      return answer(deps, 'WebhookIgnored', RECEIVED);
    case 'unreadable':
      deps.log.error('A proven webhook is not readable.', { problems: understood.problems });
      return answer(deps, 'WebhookUnreadable', unreadableAnswer(understood.problems));
    case 'fact':
      if (understood.transactionId === undefined) return orphaned(deps, understood.fact);
      return applyFact(deps, { transactionId: understood.transactionId, fact: understood.fact }, delivery);
  }
}

type Work = { readonly transactionId: TransactionId; readonly fact: Fact };

async function applyFact(deps: ReceiveWebhookDeps, work: Work, { request, context }: Delivery): Promise<Answer> {
  const tries = { made: 0 };
  const run = () => settleWithin(deps, work, { tries, context });
  try {
    await onceOrDirectly(deps, createHash('sha256').update(request.body).digest('hex'), context, run);
    return answer(deps, tries.made === 0 ? 'WebhookReplayed' : 'WebhookAccepted', RECEIVED);
  } catch (error) {
    if (error instanceof NoSuchPayoutError) return orphaned(deps, work.fact);
    if (isInProgress(error)) {
      deps.log.info('The same webhook is being applied by another invocation.', { transaction_id: work.transactionId });
      return problemAnswer('internal');
    }
    await letDie(deps, { ...work, error, attempts: tries.made, requestId: request.requestId });
    return answer(deps, 'WebhookFailed', problemAnswer('internal'));
  }
}

/** A table of conveniences must not keep an outcome from being written. */
async function onceOrDirectly(
  deps: ReceiveWebhookDeps,
  key: string,
  context: Context,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await deps.once(key, context, run);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'IdempotencyPersistenceLayerError') throw error;
    deps.log.warn('The idempotency table failed; the fact is applied without it.', { error });
    return run();
  }
}

async function settleWithin(
  deps: ReceiveWebhookDeps,
  { transactionId, fact }: Work,
  { tries, context }: { readonly tries: { made: number }; readonly context: Context },
): Promise<Outcome> {
  for (let failures = 0; ; failures++) {
    tries.made += 1;
    try {
      const { outcome } = await settle(deps, transactionId, fact);
      if (outcome !== 'no-such-payout') return { outcome };
      throw new NoSuchPayoutError(`${transactionId} is not recorded.`);
    } catch (error) {
      if (error instanceof NoSuchPayoutError) throw error;
      const waitMs = WAITS_BETWEEN_TRIES_MS[failures];
      if (waitMs === undefined || context.getRemainingTimeInMillis() < RESERVE_MS) throw error;
      await deps.wait(waitMs);
    }
  }
}

type Death = Work & { readonly error: unknown; readonly attempts: number; readonly requestId: string };

/** The fact is kept for a person or a redrive. If the queue fails too, Monoova's repeat and the guard's look-up remain. */
async function letDie(deps: ReceiveWebhookDeps, death: Death): Promise<void> {
  const { transactionId, fact, error, attempts, requestId } = death;
  deps.log.error('A webhook could not be applied.', {
    transaction_id: transactionId,
    fact: fact.kind,
    attempts,
    error,
  });
  const letter = {
    transaction_id: transactionId,
    fact,
    error: nameOf(error),
    received_at: fact.observed_at,
    request_id: requestId,
    attempts,
  };
  try {
    await deps.deadLetters.put(letter);
  } catch (queueError) {
    deps.log.error('The dead letter of a webhook was lost.', { transaction_id: transactionId, error: queueError });
  }
}

/** A payment of somebody else's, or of before a table was restored. The reference is shown only if it is a UUID. */
function orphaned(deps: ReceiveWebhookDeps, fact: Fact): Answer {
  const reference = parseReference(fact.unique_reference);
  deps.log.warn('A webhook is about no payout of ours.', reference === undefined ? {} : { reference });
  return answer(deps, 'WebhookOrphaned', RECEIVED);
}

function answer(deps: ReceiveWebhookDeps, metric: MetricName, given: Answer): Answer {
  deps.metrics.count(metric);
  return given;
}

/** Not 200: then it stands in Monoova's report of webhooks, from where it can be sent again once we can read it. */
function unreadableAnswer(problems: readonly string[]): Answer {
  return problemAnswer('invalid_request', { errors: problems.map((message) => ({ field: 'body', message })) });
}

function isInProgress(error: unknown): boolean {
  return nameOf(error) === 'IdempotencyAlreadyInProgressError';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
