import { type Behaviour, demoBehaviourOf } from './behaviours.ts';
import type { Context } from './context.ts';
import { acceptedAnswer, type JsonAnswer, refusedAnswer } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import type { Taken } from './ledger.ts';
import { type Payout, printedPayee } from './payout.ts';
import { readPayout } from './payout-request.ts';
import { Refusal } from './refusal.ts';
import { type Reply, replyWith } from './reply.ts';

/** Any payee that nobody reserved or scripted: Pending, then Complete and a webhook. */
const ORDINARY: Behaviour = {};

/** POST /financial/v2/transaction/execute */
export async function execute(context: Context, incoming: Incoming, scripted: Behaviour | undefined): Promise<Reply> {
  const payout = tryReadPayout(context, incoming);
  if (payout instanceof Refusal) return refusedReply(context, incoming, payout);
  // A script is meant for this very request; a demo payee's behaviour is for new payments, so that a repeat finds the first.
  const behaviour = scripted ?? demoBehaviourOf(payout.payee) ?? ORDINARY;
  const previousId = context.ledger.usedBy(payout.uniqueReference);
  if (previousId !== undefined && !scripted) {
    return refusedReply(context, incoming, referenceExists(previousId));
  }
  if (behaviour.take === false) return answerWithoutTaking(context, incoming, payout, behaviour);
  return takeAndAnswer(context, incoming, payout, behaviour);
}

/** POST /financial/v2/transaction/validate: the same checks and fees; takes nothing and uses up no reference. */
export function validate(context: Context, incoming: Incoming): JsonAnswer {
  const durationMs = context.time.nowMs() - incoming.receivedAtMs;
  const payout = tryReadPayout(context, incoming);
  if (payout instanceof Refusal) return refusedAnswer(payout, incoming.uniqueReference, durationMs);
  return acceptedAnswer({ ...payout, status: 'Ok', transactionId: 0, durationMs });
}

function tryReadPayout(context: Context, incoming: Incoming): Payout | Refusal {
  try {
    return readPayout(incoming.json, context.newReference);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

async function answerWithoutTaking(
  context: Context,
  incoming: Incoming,
  payout: Payout,
  behaviour: Behaviour,
): Promise<Reply> {
  if (behaviour.answer?.kind === 'coded') context.ledger.rememberRefused(payout.uniqueReference);
  await context.time.wait(behaviour.answerDelayMs ?? 0);
  const refusal = new Refusal('Error', 'An unknown processing error occurred. Transaction has been cancelled');
  const regular = refusedAnswer(refusal, payout.uniqueReference, context.time.nowMs() - incoming.receivedAtMs);
  return replyWith(regular, behaviour.answer, printedPayee(payout.payee));
}

async function takeAndAnswer(
  context: Context,
  incoming: Incoming,
  payout: Payout,
  behaviour: Behaviour,
): Promise<Reply> {
  const takeAfterMs = behaviour.takeAfterMs ?? 0;
  if (takeAfterMs > 0 && behaviour.answer?.kind === 'cut') {
    // The caller is gone before the money is taken: what a client meets when its request is stuck inside Monoova.
    context.time.after(takeAfterMs, () => void take(context, payout, behaviour));
    await context.time.wait(behaviour.answerDelayMs ?? 0);
    return { kind: 'cut' };
  }
  await context.time.wait(takeAfterMs);
  const taken = await take(context, payout, behaviour);
  await context.time.wait(behaviour.answerDelayMs ?? 0);
  const durationMs = context.time.nowMs() - incoming.receivedAtMs;
  return replyWith(regularAnswer(taken, payout, behaviour, durationMs), behaviour.answer, printedPayee(payout.payee));
}

async function take(context: Context, payout: Payout, behaviour: Behaviour): Promise<Taken> {
  const taken = context.ledger.take(payout, context.time.nowMs());
  if (taken.kind === 'taken') await context.settlement.begin(taken.payment, behaviour);
  if (taken.kind === 'no-funds') context.ledger.rememberRefused(payout.uniqueReference);
  return taken;
}

function regularAnswer(taken: Taken, payout: Payout, behaviour: Behaviour, durationMs: number): JsonAnswer {
  switch (taken.kind) {
    case 'duplicate':
      return refusedAnswer(referenceExists(taken.transactionId), payout.uniqueReference, durationMs);
    case 'no-funds': {
      const text = 'The amount to debit will exceed your credit limit';
      const refusal = new Refusal('DebitTransactionWillExceedSignInCreditLimit', text);
      return refusedAnswer(refusal, payout.uniqueReference, durationMs);
    }
    case 'taken': {
      const status = behaviour.outcome === 'instant' ? 'Ok' : 'Pending';
      return acceptedAnswer({ ...payout, status, transactionId: taken.payment.transactionId, durationMs });
    }
  }
}

function referenceExists(transactionId: number): Refusal {
  return new Refusal('UniqueReferenceExists', 'The uniqueReference already exists', { transactionId });
}

function refusedReply(context: Context, incoming: Incoming, refusal: Refusal): Reply {
  const durationMs = context.time.nowMs() - incoming.receivedAtMs;
  return replyWith(refusedAnswer(refusal, incoming.uniqueReference, durationMs), undefined, '');
}
