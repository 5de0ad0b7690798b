import { describe, expect, it } from 'vitest';
import { payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, deliveries, startReceiver, startSimulator, TOKEN } from './support.ts';

const CREATE = '/subscriptions/v1/create';
const UPDATE = '/subscriptions/v1/update';
const LIST = '/subscriptions/v1/list';

const wanted = (fields: object = {}) => ({
  eventName: 'NppPaymentStatus',
  targetUrl: 'https://payouts.example/hook',
  subscriptionStatus: 'On',
  securityToken: `Bearer ${TOKEN}`,
  ...fields,
});

describe('the subscriptions', () => {
  it('are made, listed without their tokens, and deleted', async () => {
    const { post, get, url } = await startSimulator();
    const made = await answerOf(post(CREATE, wanted()));
    expect(made).toMatchObject({
      httpStatus: 200,
      json: { status: 'Ok', id: 3675, dateTime: '1/15/2026 12:00:00 PM' },
    });
    const listed = await answerOf(get(LIST));
    expect(listed.json['eventname']).toEqual([
      {
        eventName: 'NppPaymentStatus',
        id: 3675,
        targetUrl: 'https://payouts.example/hook',
        status: 'On',
        LastUpdated: '1/15/2026 12:00:00 PM',
        createdDate: '1/15/2026 12:00:00 PM',
      },
    ]);
    expect(listed.text).not.toContain(TOKEN);
    const authorization = `Basic ${Buffer.from('the-api-key:').toString('base64')}`;
    const gone = (id: number) =>
      fetch(`${url}/subscriptions/v1/delete/${id}`, { method: 'DELETE', headers: { authorization } });
    expect((await gone(3675)).status).toBe(200);
    expect((await gone(3675)).status).toBe(400);
    expect((await answerOf(get(LIST))).json['eventname']).toEqual([]);
  });

  it('are one for each event: a second is refused with the id of the first, and changes nothing', async () => {
    const { post, get } = await startSimulator();
    await post(CREATE, wanted());
    const again = await answerOf(post(CREATE, wanted({ targetUrl: 'https://other.example/' })));
    expect(again).toMatchObject({
      httpStatus: 400,
      json: { status: 'WebhookAlreadySubscribed', id: 3675, dateTime: null, targetUrl: 'https://payouts.example/hook' },
    });
    expect(await answerOf(post(CREATE, wanted({ eventName: 'NppReturn' })))).toMatchObject({ json: { id: 3676 } });
    expect((await answerOf(get(LIST))).json['eventname']).toHaveLength(2);
  });

  it('are where webhooks go, with the token of the moment', async () => {
    const [first, second] = [await startReceiver(), await startReceiver()];
    const { simulator, time, post, execute } = await startSimulator();
    await post(CREATE, wanted({ targetUrl: `${first.url}/a` }));
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(first.received[0]).toMatchObject({ path: '/a', headers: { authorization: `Bearer ${TOKEN}` } });

    const moved = { id: 3675, targetUrl: `${second.url}/b`, subscriptionStatus: 'On', securityToken: 'Basic bmV3' };
    expect(await answerOf(post(UPDATE, moved))).toMatchObject({ httpStatus: 200, json: { id: 3675 } });
    await execute(payIdPayout('ref-2'));
    await time.advance(1_000);
    await deliveries(simulator, 2);
    expect(second.received[0]).toMatchObject({ path: '/b', headers: { authorization: 'Basic bmV3' } });

    const { securityToken: _kept, ...off } = { ...moved, subscriptionStatus: 'Off' };
    await post(UPDATE, off);
    await execute(payIdPayout('ref-3'));
    await time.advance(1_000);
    await post(UPDATE, { ...off, subscriptionStatus: 'on' });
    await execute(payIdPayout('ref-4'));
    await time.advance(1_000);
    await deliveries(simulator, 3);
    expect(simulator.webhooks().map(({ uniqueReference }) => uniqueReference)).toEqual(['ref-1', 'ref-2', 'ref-4']);
    expect(second.received[1]?.headers.authorization).toBe('Basic bmV3');
  });

  it('stand for the receiver that a program names, and are moved by it', async () => {
    const { simulator, get } = await startSimulator({ webhook: { url: 'https://one.example/', token: TOKEN } });
    const targets = async () => {
      const { json } = await answerOf(get(LIST));
      return (json['eventname'] as { eventName: string; id: number; targetUrl: string }[]).map(
        ({ eventName, targetUrl }) => `${eventName} ${targetUrl}`,
      );
    };
    expect(await targets()).toEqual(['NppPaymentStatus https://one.example/', 'NppReturn https://one.example/']);
    simulator.subscribe({ url: 'https://two.example/', token: TOKEN });
    expect(await targets()).toEqual(['NppPaymentStatus https://two.example/', 'NppReturn https://two.example/']);
  });

  it('are listed by the name that is seen in real use, where that is wanted', async () => {
    const { get } = await startSimulator({ settings: { subscriptionListKey: 'eventName' } });
    expect((await answerOf(get(LIST))).json).toMatchObject({ eventName: [] });
  });

  it.each([
    { eventName: 'nppPaymentStatus' },
    { eventName: undefined },
    { targetUrl: 'payouts.example' },
    { targetUrl: 'ftp://payouts.example/' },
    { subscriptionStatus: 'yes' },
    { subscriptionStatus: undefined },
    { securityToken: 'no-type' },
    { securityToken: 'Bearer ' },
  ])('are refused with %j', async (fields) => {
    const { post, get } = await startSimulator();
    const { httpStatus, json } = await answerOf(post(CREATE, wanted(fields)));
    expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 400, status: 'ValidationFailed' });
    expect((await answerOf(get(LIST))).json['eventname']).toEqual([]);
  });

  it('are not changed by an id that is none', async () => {
    const { post } = await startSimulator();
    for (const [id, status] of [
      [1, 'SubscriptionNotFound'],
      ['3675', 'ValidationFailed'],
      [undefined, 'ValidationFailed'],
    ] as const) {
      const body = { id, targetUrl: 'https://a.example/', subscriptionStatus: 'On' };
      expect(await answerOf(post(UPDATE, body))).toMatchObject({ httpStatus: 400, json: { status } });
    }
    expect(await answerOf(post(CREATE, 'not json'))).toMatchObject({ httpStatus: 400 });
  });
});

describe('the financials of the mAccount', () => {
  it('show the balance after a payment', async () => {
    const { get, execute } = await startSimulator({ settings: { openingBalanceCents: 10_000 } });
    const balance = async () => {
      const { json } = await answerOf(get('/mAccount/v1/financials/6279059778044302'));
      return json['financials'];
    };
    expect(await balance()).toMatchObject({ actualBalance: 100, availableToDebit: 100, nppPayoutLimit: 100_000 });
    await execute(payIdPayout('ref-1', 'payid@demo.example', 12.5));
    expect(await balance()).toMatchObject({ accountNumber: 6279059778044302, actualBalance: 87.5 });
  });

  it('are those of a number with 16 digits', async () => {
    const { get } = await startSimulator();
    expect(await answerOf(get('/mAccount/v1/financials/1'))).toMatchObject({ json: { status: 'InvalidMAccount' } });
  });
});
