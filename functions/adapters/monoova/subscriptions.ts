import * as z from 'zod';
import type { Listed, Subscribed, Subscription, SubscriptionTarget, Told } from '../../shared/ports.ts';
import { doneOf, listOf } from './books.ts';
import { parseEnvelope } from './envelope.ts';
import type { HttpOutcome } from './http-exchange.ts';
import { headerOf } from './webhook-proof.ts';

/** "Event is already subscribed. Please use /update API" (seen by Monoova's own plugin, with HTTP 400). */
const ALREADY_SUBSCRIBED_CODE = 'WebhookAlreadySubscribed';

/** What Monoova can tell of a payout, each at a URL of its own. */
export const SUBSCRIBED_EVENTS = ['NppPaymentStatus', 'NppReturn'] as const;

const subscriptionLine = z.object({
  id: z.int().min(1),
  eventName: z.string().min(1).max(50),
  targetUrl: z.string().max(2_000),
  status: z.string().max(50),
});

/** The list's name is `eventname` in the specification, and `eventName` in a third party's real use. Tokens are never told. */
export function subscriptionsOf(outcome: HttpOutcome): Told<Listed<Subscription>> {
  const toLine = ({ id, eventName, targetUrl, status }: z.output<typeof subscriptionLine>) => ({
    id,
    eventName,
    targetUrl,
    isOn: status.toLowerCase() === 'on',
  });
  const listed = listOf(outcome, 'eventname', subscriptionLine, toLine);
  return listed.kind === 'told' ? listed : listOf(outcome, 'eventName', subscriptionLine, toLine);
}

/** A second subscription for an event is an update that was asked for in the wrong place; the answer names the first one's id. */
export function subscribedOf(outcome: HttpOutcome): Told<Subscribed> {
  if (outcome.kind === 'answer') {
    const isKnown = parseEnvelope(outcome.body)?.status === ALREADY_SUBSCRIBED_CODE;
    if (isKnown) return { kind: 'told', isNew: false };
  }
  const done = doneOf(outcome);
  return done.kind === 'told' ? { kind: 'told', isNew: true } : done;
}

/** The body of both calls. "Both 'type' and 'credentials' are required" of a token: as the receiver reads it, a bare one is a Bearer token. */
export function subscriptionBody(
  which: { readonly eventName: string } | { readonly id: number },
  { targetUrl, token }: SubscriptionTarget,
): string {
  return JSON.stringify({ ...which, targetUrl, subscriptionStatus: 'On', securityToken: headerOf(token) });
}
