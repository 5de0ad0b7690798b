import { describe, expect, it } from 'vitest';
import { EMPTY_TALLY, type Run, type Tally } from '../../../domain/reconciliation.ts';
import { addDays } from '../../../domain/sydney-day.ts';
import { resendWebhooks, type WebhookCursor } from '../../../functions/reconcile/resend-webhooks.ts';
import type { SentWebhook } from '../../../functions/shared/ports.ts';
import { createReconcileWorld } from '../../fakes/reconciliation.ts';

const DAY = '2026-11-22';
const RUN: Run = { from: DAY, to: DAY, today: '2026-11-24', is_rebuild: false, name: 'a-run' };
const STEPS_MAX = 200;

type World = ReturnType<typeof createReconcileWorld>;

const webhook = (webhookId: number, fields: Partial<SentWebhook> = {}): SentWebhook => ({
  webhookId,
  eventName: 'NppPaymentStatus',
  isReceived: false,
  retryCount: 1,
  ...fields,
});
const many = (count: number, fields: Partial<SentWebhook> = {}) =>
  Array.from({ length: count }, (_, index) => webhook(index + 1, fields));

/** Calls as the machine does, until the phase has ended. */
async function resendAll(world: World, run: Partial<Run> = {}) {
  let tally: Tally = EMPTY_TALLY;
  let cursor: WebhookCursor | null = null;
  for (let steps = 1; steps <= STEPS_MAX; steps++) {
    const step = { run: { ...RUN, ...run }, cursor, tally, executionArn: 'a-run' };
    ({ cursor, tally } = await resendWebhooks(world.deps, step));
    if (cursor === null) return { tally, steps };
  }
  throw new Error('The phase has no end.');
}

function worldOf(...webhooks: SentWebhook[]): World {
  const world = createReconcileWorld();
  world.state.books.set(DAY, { webhooks });
  return world;
}

describe('a webhook', () => {
  it.each<[string, Partial<SentWebhook>, boolean]>([
    ['that was not delivered is sent for again', {}, true],
    ['that brings a return is too', { eventName: 'NppReturn' }, true],
    ['of another spelling is too', { eventName: 'nppPaymentStatus' }, true],
    ['that was delivered is not', { isReceived: true }, false],
    ['about money that comes in is not', { eventName: 'InboundDirectCredit' }, false],
  ])('%s', async (_what, fields, isResent) => {
    const world = worldOf(webhook(7, fields));
    const { tally } = await resendAll(world);
    expect(world.state.resent).toEqual(isResent ? [7] : []);
    expect(tally.counts).toEqual(isResent ? { 'webhook-resent': 1 } : {});
  });

  it.each([
    ['NppReturn', ['NppReturn, delivered before']],
    ['DirectEntryDishonour', ['DirectEntryDishonour, delivered before']],
    ['NppPaymentStatus', undefined],
  ])(
    '%s that was delivered before the table was restored is sent for again by a rebuild: %j',
    async (eventName, named) => {
      const world = worldOf(webhook(7, { eventName, isReceived: true, retryCount: 9 }));
      const { tally } = await resendAll(world, { is_rebuild: true });
      expect(world.state.resent).toEqual(named ? [7] : []);
      expect(tally.named['webhook-resent']?.map(({ detail }) => detail)).toEqual(named);
    },
  );

  it.each([
    [5, { 'webhook-resent': 1 }],
    [6, { 'webhook-failing': 1 }],
  ])('that has failed %i times is %j', async (retryCount, counts) => {
    const world = worldOf(webhook(7, { retryCount }));
    const { tally } = await resendAll(world);
    expect(tally.counts).toEqual(counts);
    expect(Object.values(tally.named)).toEqual([[{ id: 'webhook 7', detail: 'NppPaymentStatus' }]]);
  });

  it('that Monoova does not send again is said to be left out', async () => {
    const world = worldOf(webhook(7));
    world.state.refusesResend = { kind: 'unknown', detail: 'HTTP 500' };
    const { tally } = await resendAll(world);
    expect(tally).toMatchObject({ counts: {}, incomplete: ['webhook 7 could not be sent for: HTTP 500'] });
  });

  it.each([
    [-2, []],
    [-1, [7]],
    [1, [7]],
    [2, []],
  ])('of %i days from the day that is asked for: %j is sent for', async (away, resent) => {
    const world = createReconcileWorld();
    world.state.books.set(addDays(DAY, away), { webhooks: [webhook(7)] });
    await resendAll(world);
    expect(world.state.resent).toEqual(resent);
  });
});

describe('a report', () => {
  it('that cannot be read leaves the day out, and the run is not complete', async () => {
    const world = createReconcileWorld();
    world.state.books.set(DAY, { webhooks: { kind: 'unknown', detail: 'HTTP 503' } });
    world.state.books.set(addDays(DAY, 1), { webhooks: [webhook(7)], unreadable: 2 });
    const { tally } = await resendAll(world);
    expect(tally).toMatchObject({
      counts: { 'webhook-resent': 1 },
      incomplete: [`webhooks of ${DAY}: HTTP 503`, `2 webhooks of ${addDays(DAY, 1)} are unreadable`],
    });
  });

  it('is read page by page', async () => {
    const world = worldOf(...many(2_500, { isReceived: true }));
    const { tally } = await resendAll(world);
    expect(tally.checked).toEqual({ webhooks: 2_500 });
    expect(world.state.asked.filter((question) => question.includes(DAY))).toEqual([
      `webhooks ${DAY} 0`,
      `webhooks ${DAY} 1000`,
      `webhooks ${DAY} 2000`,
    ]);
  });

  it('is read up to twenty thousand, and the run says so', async () => {
    const { tally } = await resendAll(worldOf(...many(20_500, { isReceived: true })));
    expect(tally.checked).toEqual({ webhooks: 20_000 });
    expect(tally.incomplete).toEqual([`of ${DAY} only 20000 webhooks were looked at`]);
  });
});

describe('a call', () => {
  it('sends for ten, and the next one goes on behind the last of them', async () => {
    const world = worldOf(...many(25));
    const { tally } = await resendAll(world);
    expect(world.state.resent).toEqual(many(25).map(({ webhookId }) => webhookId));
    expect(tally.counts).toEqual({ 'webhook-resent': 25 });
  });

  it('looks at each once, where the last one has been delivered meanwhile', async () => {
    const world = worldOf(...many(25));
    world.state.happens = async () => {
      const before = (world.state.books.get(DAY)?.webhooks ?? []) as readonly SentWebhook[];
      const webhooks = before.map((one) => ({ ...one, isReceived: world.state.resent.includes(one.webhookId) }));
      world.state.books.set(DAY, { webhooks });
    };
    const { tally } = await resendAll(world);
    expect(world.state.resent).toEqual(many(25).map(({ webhookId }) => webhookId));
    expect(tally.checked).toEqual({ webhooks: 25 });
  });

  it('stops at five hundred of a run, and says so', async () => {
    const world = worldOf(...many(600));
    const { tally } = await resendAll(world);
    expect(world.state.resent).toHaveLength(500);
    expect(tally.incomplete).toEqual(['only 500 webhooks were sent for again']);
  });
});
