import { describe, expect, it } from 'vitest';
import { sydneyUsDateTime } from '../../../local/monoova/sydney.ts';
import { payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, deliveries, eventually, startReceiver, startSimulator, TOKEN } from './support.ts';

async function startBoth(statuses: number[]) {
  const receiver = await startReceiver(...statuses);
  const all = await startSimulator({ webhook: { url: receiver.url, token: TOKEN } });
  const report = async (rest = '2026-01-15') => {
    const { json } = await answerOf(all.get(`/subscriptions/v1/report/${rest}`));
    return json['notifications'] as { webhookId: number; status: string }[];
  };
  const pay = async (reference: string) => {
    const before = all.simulator.webhooks().length;
    await all.execute(payIdPayout(reference));
    await all.time.advance(1_000);
    await deliveries(all.simulator, before + 1);
  };
  return { ...all, receiver, report, pay };
}

describe('the report of webhooks', () => {
  it('tells which were received and which were not, and how often they were tried', async () => {
    const { pay, report, receiver, time, simulator } = await startBoth([200, 500, 503]);
    await pay('one');
    await pay('two');
    await eventually(() => expect(time.waiting()).toBe(1));
    await time.advance(30_000);
    await deliveries(simulator, 3);
    expect(await report()).toEqual([
      {
        dateTime: '1/15/2026 12:00:01 PM',
        eventName: 'NppPaymentStatus',
        lastResponseCode: 200,
        lastRetryDateTime: null,
        retryCount: 0,
        status: 'Sent',
        url: receiver.url,
        webhookId: 5_000_001,
      },
      {
        dateTime: '1/15/2026 12:00:02 PM',
        eventName: 'NppPaymentStatus',
        lastResponseCode: 503,
        lastRetryDateTime: '1/15/2026 12:00:32 PM',
        retryCount: 1,
        status: 'Error',
        url: receiver.url,
        webhookId: 5_000_002,
      },
    ]);
    expect(await report('2026-01-16')).toEqual([]);
  });

  it('can be read in pages', async () => {
    const { pay, report } = await startBoth([]);
    for (const reference of ['one', 'two', 'three']) await pay(reference);
    const ids = async (query: string) => (await report(`2026-01-15?${query}`)).map(({ webhookId }) => webhookId);
    expect(await ids('skip=0&take=2')).toEqual([5_000_001, 5_000_002]);
    expect(await ids('skip=2&take=2')).toEqual([5_000_003]);
    expect(await ids('skip=3')).toEqual([]);
  });

  it.each(['2026-13-01', '2026-01-15?take=10001', '2026-01-15?skip=-1', '2026-01-15?take=x'])(
    'refuses %s',
    async (rest) => {
      const { get } = await startSimulator();
      const { httpStatus, json } = await answerOf(get(`/subscriptions/v1/report/${rest}`));
      expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 400, status: 'ValidationFailed' });
    },
  );

  it('has what failed sent again under its old id, as often as it is asked for', async () => {
    const { pay, report, receiver, time, simulator, post } = await startBoth([500, 500, 500]);
    await pay('one');
    await eventually(() => expect(time.waiting()).toBe(1));
    await time.advance(30_000);
    await deliveries(simulator, 2);
    for (const [tries, status] of [
      [3, 'Error'],
      [4, 'Sent'],
    ] as const) {
      const { httpStatus, json } = await answerOf(post('/subscriptions/v2/resend/5000001', {}));
      expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 200, status: 'Ok' });
      await time.advance(0);
      await deliveries(simulator, tries);
      expect(await report()).toMatchObject([{ webhookId: 5_000_001, status }]);
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhookid']))).toEqual(new Set(['5000001']));
  });

  it.each(['5000009', 'x'])('does not know webhook %s', async (id) => {
    const { post } = await startSimulator();
    const { httpStatus, json } = await answerOf(post(`/subscriptions/v2/resend/${id}`, {}));
    expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 400, status: 'WebhookNotFound' });
  });

  it.each([
    ['2026-01-14T13:00:00Z', '1/15/2026 12:00:00 AM'],
    ['2026-01-15T01:05:09Z', '1/15/2026 12:05:09 PM'],
    ['2026-07-15T05:00:00Z', '7/15/2026 3:00:00 PM'],
  ])('writes %s as %s', (iso, text) => {
    expect(sydneyUsDateTime(Date.parse(iso))).toBe(text);
  });
});
