import { SUBSCRIBED_EVENTS } from '../functions/adapters/monoova/subscriptions.ts';
import type { SentWebhook, Subscription } from '../functions/shared/ports.ts';
import { CommandError } from './errors.ts';
import type { AskMonoova } from './monoova.ts';

/** What became of one event's subscription. */
export type Moved = {
  readonly eventName: string;
  readonly targetUrl: string;
  /** Where it went before, if elsewhere. */
  readonly from?: string;
  readonly isNew: boolean;
};

/** One URL for each event, since Monoova's webhooks do not name theirs. */
export function targetUrlOf(apiUrl: string, eventName: string): string {
  return `${apiUrl}/webhooks/monoova/${eventName}`;
}

/**
 * Has every event of payouts sent to this stage with this token, whatever was subscribed before. Safe to repeat: an event has one
 * subscription, and a second is an update of the first. Monoova never tells a token, so it is given again each time.
 * @throws {CommandError} where Monoova gives no answer; some may be subscribed then.
 */
export async function subscribeAll(
  ask: AskMonoova,
  { apiUrl, token }: { apiUrl: string; token: string },
): Promise<Moved[]> {
  let known = await listed(ask);
  const moved: Moved[] = [];
  for (const eventName of SUBSCRIBED_EVENTS) {
    const target = { targetUrl: targetUrlOf(apiUrl, eventName), token };
    if (!known.has(eventName)) {
      const { isNew } = await ask((line) => line.subscribe(eventName, target));
      if (isNew) {
        moved.push({ eventName, targetUrl: target.targetUrl, isNew });
        continue;
      }
      // Somebody else was first, or the list did not tell.
      known = await listed(ask);
    }
    const subscription = known.get(eventName);
    if (!subscription) {
      throw new CommandError(`Monoova says that ${eventName} is subscribed, and does not list it: see its portal`);
    }
    await ask((line) => line.updateSubscription(subscription.id, target));
    const { targetUrl: before } = subscription;
    const from = before === target.targetUrl ? {} : { from: before };
    moved.push({ eventName, targetUrl: target.targetUrl, isNew: false, ...from });
  }
  return moved;
}

async function listed(ask: AskMonoova): Promise<Map<string, Subscription>> {
  const { lines } = await ask((line) => line.subscriptions());
  return new Map(lines.map((subscription) => [subscription.eventName, subscription]));
}

export type EventStanding = {
  readonly eventName: string;
  readonly wantedUrl: string;
  readonly subscription?: Subscription;
  readonly isRight: boolean;
};

/** How each event of payouts is subscribed. */
export async function standings(ask: AskMonoova, apiUrl: string): Promise<EventStanding[]> {
  const known = await listed(ask);
  return SUBSCRIBED_EVENTS.map((eventName) => {
    const wantedUrl = targetUrlOf(apiUrl, eventName);
    const subscription = known.get(eventName);
    const isRight = subscription?.isOn === true && subscription.targetUrl === wantedUrl;
    return { eventName, wantedUrl, isRight, ...(subscription && { subscription }) };
  });
}

const PAGE_WEBHOOKS = 1_000;
const PAGES_MAX = 20;

export type SentOn = { readonly sent: readonly SentWebhook[]; readonly unreadable: number; readonly isWhole: boolean };

/** What Monoova has sent on a day in Sydney; not whole beyond twenty thousand. */
export async function sentOn(ask: AskMonoova, day: string): Promise<SentOn> {
  const sent: SentWebhook[] = [];
  let unreadable = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await ask((line) => line.webhooks(day, { skip: page * PAGE_WEBHOOKS, take: PAGE_WEBHOOKS }));
    sent.push(...answer.lines);
    unreadable += answer.unreadable;
    if (answer.lines.length + answer.unreadable < PAGE_WEBHOOKS) return { sent, unreadable, isWhole: true };
  }
  return { sent, unreadable, isWhole: false };
}
