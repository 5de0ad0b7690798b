import type { Behaviour } from './behaviours.ts';
import type { Context } from './context.ts';
import { errorAnswer, type JsonAnswer } from './envelope.ts';
import { execute, validate } from './execute.ts';
import { financials } from './financials.ts';
import { type Incoming, scriptable } from './incoming.ts';
import { ping } from './ping.ts';
import { Refusal } from './refusal.ts';
import { bytesReply, type Reply, replyWith } from './reply.ts';
import { statement } from './statement.ts';
import { statusByDate, statusByReference } from './status.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  updateSubscription,
} from './subscription-endpoints.ts';
import { resendWebhook, webhookReport } from './webhook-report.ts';

/** Answers an authenticated request as its endpoint does, or as a script orders. */
export async function dispatch(context: Context, incoming: Incoming): Promise<Reply> {
  const scripted = context.scripts.use(scriptable(incoming));
  if (incoming.route.name === 'execute') return execute(context, incoming, scripted);
  await context.time.wait(scripted?.answerDelayMs ?? 0);
  const regular = await regularAnswer(context, incoming);
  return isJsonAnswer(regular) ? replyWith(regular, scripted?.answer, '') : bytesOrScripted(regular, scripted);
}

async function regularAnswer(context: Context, incoming: Incoming): Promise<JsonAnswer | Buffer> {
  try {
    return await answerOf(context, incoming);
  } catch (error) {
    if (error instanceof Refusal) return errorAnswer(error, context.time.nowMs() - incoming.receivedAtMs);
    throw error;
  }
}

async function answerOf(context: Context, incoming: Incoming): Promise<JsonAnswer | Buffer> {
  switch (incoming.route.name) {
    case 'validate':
      return validate(context, incoming);
    case 'status':
      return statusByReference(context, incoming);
    case 'status-by-date':
      return statusByDate(context, incoming);
    case 'statement':
      return statement(context, incoming);
    case 'webhook-report':
      return webhookReport(context, incoming);
    case 'webhook-resend':
      return resendWebhook(context, incoming);
    case 'subscription-create':
      return createSubscription(context, incoming);
    case 'subscription-update':
      return updateSubscription(context, incoming);
    case 'subscription-list':
      return listSubscriptions(context, incoming);
    case 'subscription-delete':
      return deleteSubscription(context, incoming);
    case 'financials':
      return financials(context, incoming);
    case 'public-key':
      return Buffer.from(await context.signingKey.publicKeyHex(), 'ascii');
    case 'certificate':
      return await context.signingKey.certificate();
    case 'public-ping':
    case 'tools-ping':
      return ping(context, incoming);
    case 'execute':
      throw new TypeError('execute has its own way to answer');
  }
}

function isJsonAnswer(answer: JsonAnswer | Buffer): answer is JsonAnswer {
  return !Buffer.isBuffer(answer);
}

/** Keys and certificates are bytes: a script can replace them, not extend them. */
function bytesOrScripted(bytes: Buffer, scripted: Behaviour | undefined): Reply {
  const kind = scripted?.answer?.kind;
  const isReplaced = kind === 'cut' || kind === 'verbatim' || kind === 'coded';
  return isReplaced ? replyWith({ httpStatus: 200, json: {} }, scripted?.answer, '') : bytesReply(bytes);
}
