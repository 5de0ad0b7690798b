import { describe, expect, it } from 'vitest';
import { createHandler, type RetryWebhookDeps } from '../../../functions/retry-webhook/handler.ts';
import type { WebhookLetter } from '../../../functions/shared/webhook-letter.ts';
import { aFact, aPayout, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld } from '../../fakes/world.ts';

const FACT = aFact({ kind: 'completed', unique_reference: REFERENCE, amount_cents: 12_345 });
const LETTER: WebhookLetter = {
  transaction_id: TRANSACTION_ID,
  fact: FACT,
  error: 'TypeError',
  received_at: '2026-11-23T00:00:01.000Z',
  request_id: 'x-1=',
  attempts: 3,
};
const UNREADABLE: WebhookLetter = {
  ...LETTER,
  fact: { kind: 'unreadable', event: 'NppReturn', problems: ['Amount is missing'], body_sha256: 'a'.repeat(64) },
};

function open(overrides: Partial<RetryWebhookDeps> = {}, payout = aPayout({ posts: 1, task_token: 'bell' })) {
  const world = createWorld(payout);
  const postponed: [string, number][] = [];
  const queue = {
    put: async () => {},
    postpone: async (handle: string, seconds: number) => void postponed.push([handle, seconds]),
  };
  const handler = createHandler({ ...world.deps, queue, receivesMax: 5, ...overrides });
  return { ...world, postponed, retry: (...records: object[]) => handler({ Records: records }) };
}

const received = (letter: unknown, receives = 1, messageId = 'm-1') => ({
  messageId,
  receiptHandle: `handle-${messageId}`,
  body: typeof letter === 'string' ? letter : JSON.stringify(letter),
  attributes: { ApproximateReceiveCount: String(receives) },
});

const again = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('a letter', () => {
  it('is applied, rings the doorbell, and is done with', async () => {
    const { retry, store, counted, rung, postponed } = open();
    expect(await retry(received(LETTER))).toEqual(again());
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed' });
    expect(counted).toEqual(['PayoutCompleted', 'WebhookRecovered']);
    expect([rung, postponed]).toEqual([['bell'], []]);
  });

  it('changes nothing the second time', async () => {
    const { retry, store } = open();
    await retry(received(LETTER));
    const once = await store.read(TRANSACTION_ID);
    expect(await retry(received(LETTER))).toEqual(again());
    expect(await store.read(TRANSACTION_ID)).toEqual(once);
  });

  it('rings a doorbell that could not be rung before, and takes it out of the record', async () => {
    const settled = aPayout({ status: 'Completed', posts: 1, history: [FACT], task_token: 'bell' });
    const { retry, store, rung } = open({}, settled);
    expect(await retry(received({ ...LETTER, error: 'DoorbellFailed' }))).toEqual(again());
    expect(rung).toEqual(['bell']);
    expect(await store.read(TRANSACTION_ID)).not.toHaveProperty('task_token');
  });

  it('comes again while the doorbell cannot be rung', async () => {
    const tokens = { ring: () => Promise.reject(new Error('KmsThrottlingException')) };
    const { retry, store, postponed } = open({ tokens });
    expect(await retry(received(LETTER))).toEqual(again('m-1'));
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', task_token: 'bell' });
    expect(postponed).toEqual([['handle-m-1', 30]]);
  });

  it.each([
    [1, 30],
    [2, 120],
    [3, 600],
    [4, 1_800],
  ])('that fails at its receive %i waits for %i seconds', async (receives, seconds) => {
    const store = { ...createWorld().store, read: () => Promise.reject(new TypeError('away')) };
    const { retry, postponed, counted, lines } = open({ store });
    expect(await retry(received(LETTER, receives))).toEqual(again('m-1'));
    expect(postponed).toEqual([['handle-m-1', seconds]]);
    expect(counted).toEqual(['WebhookRetryFailed']);
    expect(lines.join()).toContain('TypeError');
  });

  it('that fails at its last receive is given up at once', async () => {
    const store = { ...createWorld().store, read: () => Promise.reject(new TypeError('away')) };
    const { retry, postponed, counted } = open({ store });
    expect(await retry(received(LETTER, 5))).toEqual(again('m-1'));
    expect(postponed).toEqual([['handle-m-1', 0]]);
    expect(counted).toEqual(['WebhookGivenUp']);
  });

  it('about a payout that is not there waits for it, and is an orphan at the end', async () => {
    const { retry, counted, lines } = open();
    const other = { ...LETTER, transaction_id: TRANSACTION_ID.replace('0a1b', 'ffff') };
    for (let receives = 1; receives <= 5; receives++) {
      expect(await retry(received(other, receives))).toEqual(again('m-1'));
    }
    expect(counted).toEqual([...Array.from({ length: 4 }, () => 'WebhookRetryFailed'), 'WebhookOrphaned']);
    expect(lines.at(-1)).toContain(other.transaction_id);
  });

  it('fails alone', async () => {
    const { retry } = open();
    const other = { ...LETTER, transaction_id: TRANSACTION_ID.replace('0a1b', 'ffff') };
    const batch = [received(LETTER, 1, 'good'), received(other, 1, 'bad'), received(LETTER, 1, 'same')];
    expect(await retry(...batch)).toEqual(again('bad'));
  });

  it.each([
    ['is for a person', UNREADABLE],
    ['is for a person, though it names a payout', { ...UNREADABLE, transaction_id: TRANSACTION_ID }],
    ['names no payout', { ...LETTER, transaction_id: undefined }],
    ['is no letter', { hello: 'world' }],
    ['is no JSON', '{'],
  ])('that %s goes to the dead letters without a wait, and changes nothing', async (_, letter) => {
    const { retry, store, postponed } = open();
    const before = await store.read(TRANSACTION_ID);
    expect(await retry(received(letter))).toEqual(again('m-1'));
    expect(postponed).toEqual([['handle-m-1', 0]]);
    expect(await store.read(TRANSACTION_ID)).toEqual(before);
  });

  it('that cannot be postponed comes again when the queue thinks so', async () => {
    const queue = { put: async () => {}, postpone: () => Promise.reject(new Error('away')) };
    const { retry, lines } = open({ queue });
    expect(await retry(received('{'))).toEqual(again('m-1'));
    expect(lines.join()).toContain('could not be postponed');
  });
});

it('anything but an event of SQS is refused, so that nothing is deleted', async () => {
  const { retry } = open();
  await expect(retry({ body: 'x' })).rejects.toThrow();
});
