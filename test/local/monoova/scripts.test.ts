import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BehaviourName } from '../../../local/monoova/behaviours.ts';
import { payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, deliveries, type Received, startReceiver, startSimulator, TOKEN } from './support.ts';

const EXECUTE = '/financial/v2/transaction/execute';

async function startScripted(name: BehaviourName) {
  const receiver = await startReceiver();
  const all = await startSimulator({ webhook: { url: receiver.url, token: TOKEN } });
  all.simulator.script('ref-1', name);
  return { ...all, receiver };
}

describe('a scripted answer', () => {
  it.each<[BehaviourName, number, number]>([
    ['throttled', 429, 0],
    ['unavailable', 503, 0],
    ['error-before-taking', 500, 0],
    ['error-after-taking', 500, 1],
    ['redirect', 307, 0],
    ['garbage', 200, 1],
    ['html', 200, 1],
    ['empty', 200, 1],
    ['wrong-content-type', 200, 1],
    ['extra-fields', 200, 1],
    ['unknown-code', 400, 1],
  ])('%s is HTTP %i, with %i payments made', async (name, httpStatus, payments) => {
    const { simulator, execute } = await startScripted(name);
    const response = await execute(payIdPayout('ref-1'));
    await response.arrayBuffer();
    expect(response.status).toBe(httpStatus);
    expect(simulator.payments()).toHaveLength(payments);
    expect(simulator.requests()).toMatchObject([{ route: 'execute', uniqueReference: 'ref-1', nth: 1, httpStatus }]);
  });

  it.each<[BehaviourName, number]>([
    ['cut-before-taking', 0],
    ['cut-after-taking', 1],
  ])('%s ends the connection, with %i payments made', async (name, payments) => {
    const { simulator, execute } = await startScripted(name);
    await expect(execute(payIdPayout('ref-1'))).rejects.toThrow('fetch failed');
    expect(simulator.payments()).toHaveLength(payments);
    expect(simulator.requests()).toMatchObject([{ route: 'execute', httpStatus: null }]);
  });

  it('breaks off in the middle of its body', async () => {
    const { simulator, execute } = await startScripted('cut-midway');
    const response = await execute(payIdPayout('ref-1'));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(simulator.payments()).toHaveLength(1);
  });

  it('says when to come back, where to go, and what else it knows', async () => {
    const throttled = await startScripted('throttled');
    expect((await throttled.execute(payIdPayout('ref-1'))).headers.get('retry-after')).toBe('1');
    const redirect = await startScripted('redirect');
    expect((await redirect.execute(payIdPayout('ref-1'))).headers.get('location')).toBe(`/redirected${EXECUTE}`);
    const extra = await startScripted('extra-fields');
    const { json } = await answerOf(extra.execute(payIdPayout('ref-1')));
    expect(json).toMatchObject({ status: 'Pending', somethingNew: { nested: [1, 'two'] } });
    const untyped = await startScripted('wrong-content-type');
    expect((await untyped.execute(payIdPayout('ref-1'))).headers.get('content-type')).toBe('text/plain');
  });

  it('shows up in the record of requests when a client follows its redirect', async () => {
    const { simulator, url } = await startScripted('redirect');
    const headers = { Authorization: `Basic ${btoa('the-api-key:')}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify(payIdPayout('ref-1'));
    await fetch(url + EXECUTE, { method: 'POST', headers, body });
    expect(simulator.requests().map(({ path, httpStatus }) => [path, httpStatus])).toEqual([
      [EXECUTE, 307],
      [`/redirected${EXECUTE}`, 404],
    ]);
  });
});

describe('a payment stuck inside Monoova', () => {
  it('is not found at first and lands later', async () => {
    const { simulator, time, execute, status } = await startScripted('lands-late');
    await expect(execute(payIdPayout('ref-1'))).rejects.toThrow();
    expect((await answerOf(status('ref-1'))).json['status']).toBe('UniqueIdNotFound');
    await time.advance(10_000);
    expect((await answerOf(status('ref-1'))).json['transactionStatus']).toBe('Pending');
    expect(simulator.payments()).toHaveLength(1);
  });

  it('is dropped when a second request with its reference came first', async () => {
    const { simulator, time, execute } = await startSimulator();
    simulator.script('ref-1', 'lands-late', { times: 1 });
    await expect(execute(payIdPayout('ref-1'))).rejects.toThrow();
    await execute(payIdPayout('ref-1'));
    await time.advance(60_000);
    expect(simulator.payments()).toHaveLength(1);
  });

  it('is paid twice by an account that never dedupes', async () => {
    const { simulator, time, execute } = await startSimulator({ settings: { duplicates: 'never-dedupes' } });
    simulator.script('ref-1', 'lands-late', { times: 1 });
    await expect(execute(payIdPayout('ref-1'))).rejects.toThrow();
    await execute(payIdPayout('ref-1'));
    await time.advance(60_000);
    expect(simulator.payments()).toHaveLength(2);
  });
});

describe('a script', () => {
  it('is for as many requests as it was ordered for, and can be taken back', async () => {
    const { simulator, execute } = await startSimulator();
    simulator.script('*', 'unavailable', { times: 2 });
    const takeBack = simulator.script((request) => request.payId === 'eve@somewhere.example', 'throttled');
    const statusOf = async (reference: string, payId?: string) => (await execute(payIdPayout(reference, payId))).status;
    expect(await statusOf('a', 'eve@somewhere.example')).toBe(429);
    expect([await statusOf('b'), await statusOf('c'), await statusOf('d')]).toEqual([503, 503, 200]);
    takeBack();
    expect(await statusOf('a', 'eve@somewhere.example')).toBe(200);
  });

  it('answers a repeat too, which a demo payee’s behaviour does not', async () => {
    const { simulator, execute } = await startSimulator();
    await execute(payIdPayout('ref-1'));
    simulator.script('ref-1', 'error-after-taking');
    expect((await execute(payIdPayout('ref-1'))).status).toBe(500);
    expect(simulator.payments()).toHaveLength(1);
  });

  it('can be for look-ups, keys and pings', async () => {
    const { simulator, execute, status, get } = await startSimulator();
    await execute(payIdPayout('ref-1'));
    simulator.script('ref-1', 'not-found', { on: 'status', times: 2 });
    const codes = async () => (await answerOf(status('ref-1'))).json['status'];
    expect([await codes(), await codes(), await codes()]).toEqual(['UniqueIdNotFound', 'UniqueIdNotFound', 'Ok']);
    simulator.script('*', 'unavailable', { on: 'public-key' });
    expect((await get('/public/v1/certificate/public-key')).status).toBe(503);
    simulator.script('*', 'cut-before-taking', { on: 'tools-ping' });
    await expect(get('/tools/v1/ping')).rejects.toThrow();
  });

  it('delays an answer', async () => {
    const { simulator, time, execute, status } = await startSimulator();
    await execute(payIdPayout('ref-1'));
    simulator.script('ref-1', { answerDelayMs: 3_000 }, { on: 'status' });
    const answer = answerOf(status('ref-1'));
    await expect.poll(() => time.waiting()).toBe(2);
    await time.advance(3_000);
    expect((await answer).json).toMatchObject({ durationMs: 3_000, transactionStatus: 'Complete' });
  });

  it('is refused under a name nobody knows, and beyond a thousand', async () => {
    const { simulator } = await startSimulator();
    expect(() => simulator.script('*', 'nonsense' as BehaviourName)).toThrow(RangeError);
    for (let count = 0; count < 1_000; count++) simulator.script(`ref-${count}`, 'empty');
    expect(() => simulator.script('one-more', 'empty')).toThrow('More than 1000 scripts');
  });
});

describe('a scripted webhook', () => {
  async function isGenuine(url: string, webhook: Received | undefined): Promise<boolean> {
    const hex = await (await fetch(`${url}/public/v1/certificate/public-key`)).text();
    const key = createPublicKey({ key: Buffer.from(hex, 'hex'), format: 'der', type: 'pkcs1' });
    const signature = Buffer.from(String(webhook?.headers['verification-signature']), 'base64');
    return verify('sha256', webhook?.bytes ?? Buffer.alloc(0), key, signature);
  }

  it('comes before the answer', async () => {
    const { execute, receiver } = await startScripted('webhook-early');
    const { json } = await answerOf(execute(payIdPayout('ref-1')));
    expect(json['status']).toBe('Pending');
    expect(receiver.received).toHaveLength(1);
  });

  it('comes ten seconds after the outcome', async () => {
    const { simulator, time, execute, receiver, status } = await startScripted('webhook-late');
    await execute(payIdPayout('ref-1'));
    await time.advance(10_999);
    expect((await answerOf(status('ref-1'))).json['transactionStatus']).toBe('Complete');
    expect(receiver.received).toEqual([]);
    await time.advance(1);
    await deliveries(simulator, 1);
  });

  it('comes twice under one id', async () => {
    const { simulator, time, execute } = await startScripted('webhook-twice');
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    const [first, second] = await deliveries(simulator, 2);
    expect(second).toMatchObject({ webhookId: first?.webhookId, body: first?.body, retryCount: 0 });
  });

  it('never comes, not even for a return', async () => {
    const { simulator, time, execute, receiver } = await startScripted('payid');
    simulator.script('ref-1', { outcome: 'returned', webhooks: [] });
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await time.advance(5_000);
    expect(simulator.payments()[0]?.state).toBe('Returned');
    // Something that is sent for certain shows that nothing was sent before it.
    await execute(payIdPayout('ref-2'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(receiver.received.map(({ body }) => body['UniqueReference'])).toEqual(['ref-2']);
  });

  it('contradicts itself, each time with a good signature', async () => {
    const { simulator, time, execute, receiver, url } = await startScripted('webhook-contradictory');
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 2);
    expect(receiver.received.map(({ body }) => body['Status'])).toEqual(
      expect.arrayContaining(['Payment Successful', 'Rejected']),
    );
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
    expect(await isGenuine(url, receiver.received[1])).toBe(true);
  });

  it.each<BehaviourName>(['webhook-forged', 'webhook-tampered'])(
    '%s claims a success under a bad signature',
    async (name) => {
      const { simulator, time, execute, receiver, url, status } = await startScripted(name);
      await execute(payIdPayout('ref-1'));
      await time.advance(1_000);
      await deliveries(simulator, 1);
      expect(receiver.received[0]?.body['Status']).toBe('Payment Successful');
      expect(await isGenuine(url, receiver.received[0])).toBe(false);
      expect((await answerOf(status('ref-1'))).json['transactionStatus']).toBe('Pending');
    },
  );

  it('lacks its signature, or carries the wrong token', async () => {
    const unsigned = await startScripted('webhook-unsigned');
    await unsigned.execute(payIdPayout('ref-1'));
    await unsigned.time.advance(1_000);
    await deliveries(unsigned.simulator, 1);
    expect(unsigned.receiver.received[0]?.headers).not.toHaveProperty('verification-signature');
    const unauthorised = await startScripted('webhook-unauthorised');
    await unauthorised.execute(payIdPayout('ref-1'));
    await unauthorised.time.advance(1_000);
    await deliveries(unauthorised.simulator, 1);
    expect(unauthorised.receiver.received[0]?.headers.authorization).not.toContain(TOKEN);
    expect(await isGenuine(unauthorised.url, unauthorised.receiver.received[0])).toBe(true);
  });

  it('says what it is told to say, properly signed', async () => {
    const { simulator, time, execute, receiver, url } = await startScripted('payid');
    simulator.script('ref-1', { webhooks: [{ fields: { Amount: 0.01 } }] });
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(receiver.received[0]?.body['Amount']).toBe(0.01);
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
  });

  it('comes again, byte for byte, ten seconds after it was received', async () => {
    const { simulator, time, execute, receiver } = await startScripted('webhook-replayed');
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    await time.advance(10_000);
    await deliveries(simulator, 2);
    const [first, second] = receiver.received;
    expect(second?.bytes).toEqual(first?.bytes);
    expect(second?.headers['verification-signature']).toBe(first?.headers['verification-signature']);
    await time.advance(100_000);
    expect(receiver.received).toHaveLength(2);
  });

  it('of a return comes before the one of the success', async () => {
    const { simulator, time, execute, receiver } = await startScripted('webhook-reordered');
    await execute(payIdPayout('ref-1'));
    await time.advance(6_000);
    await deliveries(simulator, 1);
    await time.advance(5_000);
    await deliveries(simulator, 2);
    expect(receiver.received.map(({ body }) => body['Status'] ?? 'returned')).toEqual([
      'returned',
      'Payment Successful',
    ]);
  });

  it('is signed by a key that was changed this moment, or by the one before', async () => {
    const { simulator, time, execute, receiver, url } = await startScripted('webhook-rekeyed');
    const key = async () => (await fetch(`${url}/public/v1/certificate/public-key`)).text();
    const before = await key();
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(await key()).not.toBe(before);
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
    simulator.script('*', 'webhook-by-the-key-before');
    await execute(payIdPayout('ref-2'));
    await time.advance(1_000);
    await deliveries(simulator, 2);
    expect(await isGenuine(url, receiver.received[1])).toBe(false);
  });

  it('comes in two halves', async () => {
    const { simulator, time, execute, receiver, url } = await startScripted('webhook-slow');
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await expect.poll(() => time.waiting()).toBe(1);
    await new Promise((done) => setTimeout(done, 20));
    expect(receiver.received).toEqual([]);
    await time.advance(2_000);
    await deliveries(simulator, 1);
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
  });

  it.each<[BehaviourName, string, object]>([
    ['webhook-misnamed', '/NppReturn', { Status: 'Payment Successful' }],
    ['webhook-unreadable', '/', { Status: null }],
    ['webhook-of-another-amount', '/', { Amount: 0.01 }],
  ])('%s is well signed, and its payment stays Pending', async (name, path, fields) => {
    const { simulator, time, execute, receiver, url, status } = await startScripted(name);
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(receiver.received[0]).toMatchObject({ path, body: fields });
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
    expect((await answerOf(status('ref-1'))).json['transactionStatus']).toBe('Pending');
  });

  it.each<[BehaviourName, number[], string]>([
    ['returned-in-parts', [6, 4.01], 'Returned'],
    ['returned-partly', [6], 'Complete'],
  ])('%s tells each part, and gives it back', async (name, amounts, state) => {
    const { simulator, time, execute, receiver } = await startScripted(name);
    const beforeCents = simulator.balanceCents();
    await execute(payIdPayout('ref-1', 'ada@somewhere.example', 10.01));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    for (const [index] of amounts.entries()) {
      await time.advance(5_000);
      await deliveries(simulator, index + 2);
    }
    const returns = receiver.received.slice(1).map(({ body }) => body);
    expect(returns.map(({ Amount }) => Amount)).toEqual(amounts);
    expect(new Set(returns.map(({ ReturnTransactionId }) => ReturnTransactionId)).size).toBe(amounts.length);
    expect(simulator.payments()[0]?.state).toBe(state);
    expect(beforeCents - simulator.balanceCents()).toBe(state === 'Returned' ? 0 : 401);
  });

  it('of any other event is sent to whoever is subscribed to it', async () => {
    const { simulator, receiver, post, url } = await startScripted('payid');
    await expect(simulator.tell('NPPReceivePayment', {})).rejects.toThrow(RangeError);
    const targetUrl = `${receiver.url}/in`;
    const subscription = {
      eventName: 'NPPReceivePayment',
      targetUrl,
      subscriptionStatus: 'On',
      securityToken: 'Bearer x',
    };
    expect((await post('/subscriptions/v1/create', subscription)).status).toBe(200);
    await simulator.tell('NPPReceivePayment', { TransactionId: 'N001' });
    expect(receiver.received[0]).toMatchObject({ path: '/in', body: { TransactionId: 'N001' } });
    expect(await isGenuine(url, receiver.received[0])).toBe(true);
  });
});
