import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import type { JsonObject } from './json.ts';
import { Refusal } from './refusal.ts';
import { isDay, sydneyDate, sydneyUsDateTime } from './sydney.ts';
import type { NotificationSeen } from './webhooks.ts';

/** "maximum take is 10000" (specification); that it is the default as well is a guess. */
const TAKE_MAX = 10_000;

/**
 * GET /subscriptions/v1/report/{date}?skip&take: the notifications that were first sent on this Sydney day, oldest first.
 * @throws {Refusal} ValidationFailed (a guess) for a date, skip or take that is none
 */
export function webhookReport(context: Context, incoming: Incoming): JsonAnswer {
  const [day = ''] = incoming.route.parameters;
  if (!isDay(day)) throw new Refusal('ValidationFailed', "date must be a date in the format 'yyyy-MM-dd'");
  const skip = wholeNumber(incoming, 'skip', 0);
  const take = wholeNumber(incoming, 'take', TAKE_MAX);
  if (take > TAKE_MAX) throw new Refusal('ValidationFailed', `take must be at most ${TAKE_MAX}`);
  const onThisDay = context.webhooks.notifications().filter(({ atMs }) => sydneyDate(atMs) === day);
  return answer(context, incoming, { notifications: onThisDay.slice(skip, skip + take).map(listed) });
}

/**
 * POST /subscriptions/v2/resend/{WebhookId}: sent once more under its old id, after the answer (a guess).
 * @throws {Refusal} WebhookNotFound (a guess) for an id that nobody knows
 */
export function resendWebhook(context: Context, incoming: Incoming): JsonAnswer {
  const [id = ''] = incoming.route.parameters;
  const known = context.webhooks.notifications().find(({ webhookId }) => String(webhookId) === id);
  if (!known) throw new Refusal('WebhookNotFound', 'The webhook was not found');
  context.time.after(0, () => void context.webhooks.resend(known.webhookId));
  return answer(context, incoming, {});
}

function answer(context: Context, { receivedAtMs }: Incoming, fields: JsonObject): JsonAnswer {
  const durationMs = context.time.nowMs() - receivedAtMs;
  return { httpStatus: 200, json: { durationMs, status: 'Ok', statusDescription: OK_TEXT, ...fields } };
}

function listed({
  webhookId,
  eventName,
  url,
  atMs,
  lastTryAtMs,
  lastStatusCode,
  retryCount,
  isReceived,
}: NotificationSeen) {
  return {
    dateTime: sydneyUsDateTime(atMs),
    eventName,
    lastResponseCode: lastStatusCode,
    lastRetryDateTime: retryCount === 0 ? null : sydneyUsDateTime(lastTryAtMs),
    retryCount,
    status: isReceived ? 'Sent' : 'Error',
    url,
    webhookId,
  };
}

function wholeNumber({ query }: Incoming, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('ValidationFailed', `${name} must be a whole number`);
  return Number(text);
}
