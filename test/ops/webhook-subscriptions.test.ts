import { describe, expect, it } from 'vitest';
import type { WholeLine } from '../../functions/adapters/monoova/client.ts';
import { SUBSCRIBED_EVENTS } from '../../functions/adapters/monoova/subscriptions.ts';
import type { Subscription, SubscriptionTarget, Told } from '../../functions/shared/ports.ts';
import { CommandError } from '../../ops/errors.ts';
import type { AskMonoova } from '../../ops/monoova.ts';
import { sentOn, standings, subscribeAll, targetUrlOf } from '../../ops/webhook-subscriptions.ts';
import { sentText } from '../../ops/webhooks-text.ts';

const API = 'https://api.example/dev';

/** A Monoova of subscriptions; `hides` leaves an event out of its first list, as one that somebody else is just making. */
function monoovaWith(known: readonly Subscription[], { hides = '' } = {}) {
  const subscriptions = new Map(known.map((one) => [one.eventName, one]));
  const targets: SubscriptionTarget[] = [];
  let isFirstList = true;
  const line: Partial<WholeLine> = {
    async subscriptions() {
      const lines = [...subscriptions.values()].filter(({ eventName }) => !isFirstList || eventName !== hides);
      isFirstList = false;
      return { kind: 'told', lines, unreadable: 0 };
    },
    async subscribe(eventName, target) {
      if (subscriptions.has(eventName)) return { kind: 'told', isNew: false };
      targets.push(target);
      subscriptions.set(eventName, { id: subscriptions.size + 1, eventName, targetUrl: target.targetUrl, isOn: true });
      return { kind: 'told', isNew: true };
    },
    async updateSubscription(id, target) {
      const one = [...subscriptions.values()].find((subscription) => subscription.id === id);
      if (!one) return { kind: 'unknown', detail: 'HTTP 400' };
      targets.push(target);
      subscriptions.set(one.eventName, { ...one, targetUrl: target.targetUrl, isOn: true });
      return { kind: 'told' };
    },
  };
  const ask: AskMonoova = async (question) => {
    const answer = await question(line as WholeLine);
    if (answer.kind !== 'told') throw new CommandError('no answer');
    return answer;
  };
  return { ask, targets, all: () => [...subscriptions.values()] };
}

const at = (eventName: string, targetUrl: string, fields: Partial<Subscription> = {}) => ({
  id: 7,
  eventName,
  targetUrl,
  isOn: true,
  ...fields,
});

describe('subscribeAll', () => {
  it('makes one subscription for each event, each with a URL of its own', async () => {
    const { ask, all, targets } = monoovaWith([]);
    const moved = await subscribeAll(ask, { apiUrl: API, token: 'new' });
    expect(moved.map(({ eventName, isNew }) => [eventName, isNew])).toEqual(
      SUBSCRIBED_EVENTS.map((name) => [name, true]),
    );
    expect(new Set(all().map(({ targetUrl }) => targetUrl)).size).toBe(SUBSCRIBED_EVENTS.length);
    expect(targets.every(({ token }) => token === 'new')).toBe(true);
  });

  it('moves one that goes elsewhere, says from where, and gives the token to one that is right', async () => {
    const right = targetUrlOf(API, 'NppReturn');
    const { ask, targets } = monoovaWith([
      at('NppPaymentStatus', 'https://old.example/', { id: 1, isOn: false }),
      at('NppReturn', right, { id: 2 }),
    ]);
    const moved = await subscribeAll(ask, { apiUrl: API, token: 'new' });
    expect(moved.find(({ eventName }) => eventName === 'NppPaymentStatus')).toMatchObject({
      from: 'https://old.example/',
    });
    expect(moved.find(({ eventName }) => eventName === 'NppReturn')).not.toHaveProperty('from');
    expect(targets).toContainEqual({ targetUrl: right, token: 'new' });
    expect((await standings(ask, API)).every(({ isRight }) => isRight)).toBe(true);
  });

  it('takes a subscription that is there already for an update', async () => {
    const hidden = at('NppPaymentStatus', 'https://old.example/', { id: 1 });
    const { ask, all } = monoovaWith([hidden], { hides: 'NppPaymentStatus' });
    const moved = await subscribeAll(ask, { apiUrl: API, token: 'new' });
    expect(moved[0]).toMatchObject({ eventName: 'NppPaymentStatus', isNew: false, from: 'https://old.example/' });
    expect(all()[0]).toMatchObject({ id: 1, targetUrl: targetUrlOf(API, 'NppPaymentStatus') });
  });

  it('says so where Monoova neither lists nor takes it', async () => {
    const { ask } = monoovaWith([]);
    const deaf: AskMonoova = (question) =>
      ask((line) => question({ ...line, subscribe: async () => ({ kind: 'told', isNew: false }) }));
    await expect(subscribeAll(deaf, { apiUrl: API, token: 'new' })).rejects.toThrow('does not list it');
  });
});

describe('what was sent on a day', () => {
  const webhook = (webhookId: number, isReceived = true) => ({
    webhookId,
    eventName: 'NppReturn',
    isReceived,
    retryCount: 1,
  });
  const reporting =
    (total: number): AskMonoova =>
    (question) =>
      question({
        webhooks: async (_day: string, { skip, take }: { skip: number; take: number }) => {
          const lines = Array.from({ length: Math.min(take, Math.max(0, total - skip)) }, (_, index) =>
            webhook(skip + index),
          );
          return { kind: 'told', lines, unreadable: 0 };
        },
      } as unknown as WholeLine) as Promise<Extract<Awaited<Told<never>>, { kind: 'told' }>>;

  it.each([0, 1, 999, 1_000, 2_500])('is read page by page: %i', async (total) => {
    const { sent, isWhole } = await sentOn(reporting(total), '2026-11-23');
    expect({ count: sent.length, isWhole }).toEqual({ count: total, isWhole: true });
  });

  it('is not called whole beyond what is asked for', async () => {
    const { sent, isWhole } = await sentOn(reporting(30_000), '2026-11-23');
    expect({ count: sent.length, isWhole }).toEqual({ count: 20_000, isWhole: false });
    expect(sentText({ sent, unreadable: 3, isWhole }, '2026-11-23')).toContain(
      '0 not received; 3 more could not be read; and there are more than were asked for.',
    );
  });

  it('names what was not received, and how to have it again', () => {
    const sent = [webhook(1), ...Array.from({ length: 25 }, (_, index) => webhook(100 + index, false))];
    const text = sentText({ sent, unreadable: 0, isWhole: true }, '2026-11-23');
    expect(text).toContain('26 webhooks on 2026-11-23 (Sydney), 25 not received.');
    expect(text).toContain('and 5 more before them');
    expect(text).toMatch(/payouts webhooks resend --id 124\n$/);
  });
});
