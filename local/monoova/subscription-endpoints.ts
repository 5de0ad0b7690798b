import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { Refusal } from './refusal.ts';
import { type EventName, SUBSCRIBABLE_EVENTS, type Subscription } from './subscriptions.ts';
import { sydneyUsDateTime } from './sydney.ts';

/** Verbatim from Monoova's own plugin for WooCommerce, which quotes an answer. */
const ALREADY_SUBSCRIBED =
  'Event is already subscribed. Please use /update API if you want to make any updates to your existing subscription';
const BAD_REQUEST = 400;
const URL_MAX_CHARACTERS = 2_000;
/** "[type] [credentials] … both 'type' and 'credentials' are required" (specification). */
const SECURITY_TOKEN = /^\S+ \S.*$/;

/**
 * POST /subscriptions/v1/create. A second one for an event is refused with the first one's id.
 * @throws {Refusal} ValidationFailed (a guess) for a field that is missing or wrong
 */
export function createSubscription(context: Context, incoming: Incoming): JsonAnswer {
  const body = bodyOf(incoming);
  const eventName = readEvent(body['eventName']);
  const { subscription, isNew } = context.subscriptions.create({
    eventName,
    targetUrl: readUrl(body['targetUrl']),
    isOn: readStatus(body['subscriptionStatus']),
    securityToken: readToken(body['securityToken']),
  });
  if (isNew) return ok(context, incoming, described(subscription));
  const { id, targetUrl } = subscription;
  const durationMs = context.time.nowMs() - incoming.receivedAtMs;
  const refused = { durationMs, status: 'WebhookAlreadySubscribed', statusDescription: ALREADY_SUBSCRIBED };
  return { httpStatus: BAD_REQUEST, json: { ...refused, dateTime: null, eventName, id, targetUrl } };
}

/**
 * POST /subscriptions/v1/update: URL and status, and the token where one is given (a guess: without it the old one stays).
 * @throws {Refusal} ValidationFailed, SubscriptionNotFound (guesses)
 */
export function updateSubscription(context: Context, incoming: Incoming): JsonAnswer {
  const body = bodyOf(incoming);
  const id = readId(body['id']);
  const token = readToken(body['securityToken']);
  const subscription = context.subscriptions.update(id, {
    targetUrl: readUrl(body['targetUrl']),
    isOn: readStatus(body['subscriptionStatus']),
    securityToken: token ?? context.subscriptions.tokenOf(id),
  });
  return ok(context, incoming, described(subscription));
}

/** GET /subscriptions/v1/list. Tokens are not told. The list's name is `eventname` in the specification, `eventName` in real use. */
export function listSubscriptions(context: Context, incoming: Incoming): JsonAnswer {
  const items = context.subscriptions.all().map(({ id, eventName, targetUrl, isOn, createdAtMs, updatedAtMs }) => ({
    eventName,
    id,
    targetUrl,
    status: isOn ? 'On' : 'Off',
    LastUpdated: sydneyUsDateTime(updatedAtMs),
    createdDate: sydneyUsDateTime(createdAtMs),
  }));
  return ok(context, incoming, { [context.settings.subscriptionListKey]: items });
}

/**
 * DELETE /subscriptions/v1/delete/{id}
 * @throws {Refusal} ValidationFailed, SubscriptionNotFound (guesses)
 */
export function deleteSubscription(context: Context, incoming: Incoming): JsonAnswer {
  const [id = ''] = incoming.route.parameters;
  context.subscriptions.delete(readId(/^\d{1,9}$/.test(id) ? Number(id) : undefined));
  return ok(context, incoming, {});
}

function ok(context: Context, { receivedAtMs }: Incoming, fields: JsonObject): JsonAnswer {
  const durationMs = context.time.nowMs() - receivedAtMs;
  return { httpStatus: 200, json: { durationMs, status: 'Ok', statusDescription: OK_TEXT, ...fields } };
}

function described({ id, eventName, targetUrl, updatedAtMs }: Subscription): JsonObject {
  return { id, dateTime: sydneyUsDateTime(updatedAtMs), eventName, targetUrl };
}

function bodyOf({ json }: Incoming): JsonObject {
  if (json) return json;
  throw new Refusal('RequestBodyIsNotTheExpectedType', 'The request body is not the expected type');
}

function readEvent(value: JsonValue | undefined): EventName {
  const known = SUBSCRIBABLE_EVENTS.find((name) => name === value);
  if (known) return known;
  throw invalid('eventName');
}

function readUrl(value: JsonValue | undefined): string {
  const isUrl = typeof value === 'string' && value.length <= URL_MAX_CHARACTERS && URL.canParse(value);
  if (isUrl && /^https?:/.test(value)) return value;
  throw invalid('targetUrl');
}

/** "On/Off. Defaults to Off", although it is marked as required. */
function readStatus(value: JsonValue | undefined): boolean {
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (text === 'on' || text === 'off') return text === 'on';
  throw invalid('subscriptionStatus');
}

function readToken(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && SECURITY_TOKEN.test(value)) return value;
  throw invalid('securityToken');
}

function readId(value: JsonValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid('id');
}

function invalid(field: string): Refusal {
  return new Refusal('ValidationFailed', `${field} is missing or has an invalid value`);
}
