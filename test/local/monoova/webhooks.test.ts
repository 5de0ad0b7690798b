import { describe, expect, it } from 'vitest';
import { bankPayout, payIdPayout } from '../../support/monoova-client.ts';
import { deliveries, eventually, startReceiver, startSimulator, TOKEN } from './support.ts';

const RETRY_DELAY_MS = 30_000;

async function startBoth(statuses: number[] = [], settings: object = {}, token = TOKEN) {
  const receiver = await startReceiver(...statuses);
  const all = await startSimulator({ webhook: { url: `${receiver.url}/hook`, token }, settings });
  return { ...all, receiver };
}

describe('a webhook', () => {
  it('is compact PascalCase JSON in the declared order, with nulls', async () => {
    const { simulator, time, execute, receiver } = await startBoth();
    await execute(payIdPayout('ref-1', 'ada@somewhere.example', 1000));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(receiver.received[0]?.bytes.toString()).toBe(
      JSON.stringify({
        TransactionDate: '2026-01-15T12:00:00',
        UniqueReference: 'ref-1',
        TransactionId: 1_000_001,
        Status: 'Payment Successful',
        Amount: 1000,
        Bsb: null,
        AccountNumber: null,
        AccountName: 'Ada Example',
        PayId: 'ada@somewhere.example',
        PayIdType: 'Email',
        EndToEndId: 'E2E-1',
        RemitterName: null,
        LodgementRef: 'Prize',
        RejectionDateTime: null,
        RejectionReasonDescription: null,
        RejectionTransactionId: null,
      }),
    );
  });

  it('names the bank account of a bank account payment', async () => {
    const { simulator, time, execute, receiver } = await startBoth();
    await execute(bankPayout('ref-1', '819877339'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect(receiver.received[0]?.body).toMatchObject({ Bsb: '802-950', AccountNumber: '819877339', PayId: null });
  });

  it('carries the token, the signature and an integer id under the documented headers', async () => {
    const { simulator, time, execute, receiver } = await startBoth();
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    const [webhook] = receiver.received;
    expect(webhook?.path).toBe('/hook');
    expect(webhook?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      webhookid: expect.stringMatching(/^\d+$/),
    });
    expect(webhook?.rawHeaders).toEqual(
      expect.arrayContaining(['Authorization', 'Verification-Signature', 'Webhookid']),
    );
  });

  it('leaves a token with a type as it is, and appends the event’s name where the account wants it', async () => {
    const { simulator, time, execute, receiver } = await startBoth([], { eventNameInPath: true }, 'Basic abc');
    await execute(payIdPayout('ref-1', 'returned@demo.example'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    await time.advance(5_000);
    await deliveries(simulator, 2);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook/NppPaymentStatus', '/hook/NppReturn']);
    expect(receiver.received[0]?.headers.authorization).toBe('Basic abc');
  });

  it('comes as late as the settings say', async () => {
    const { simulator, time, execute } = await startBoth([], { webhookDelayMs: 90_000 });
    await execute(payIdPayout('ref-1'));
    await time.advance(89_999);
    expect(simulator.payments()[0]?.state).toBe('Pending');
    await time.advance(1);
    expect(await deliveries(simulator, 1)).toMatchObject([{ atMs: time.nowMs() }]);
  });

  it('goes to whoever subscribed last', async () => {
    const { simulator, time, execute, receiver } = await startBoth();
    const other = await startReceiver();
    simulator.subscribe({ url: other.url, token: TOKEN });
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    expect([receiver.received.length, other.received.length]).toEqual([0, 1]);
  });
});

describe('a webhook that is not received', () => {
  it.each([201, 202, 204, 302, 401, 500])('is tried once more after 30 seconds when answered %i', async (status) => {
    const { simulator, time, execute, receiver } = await startBoth([status]);
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    await eventually(() => expect(time.waiting()).toBe(1));
    await time.advance(RETRY_DELAY_MS - 1);
    expect(receiver.received).toHaveLength(1);
    await time.advance(1);
    const tries = await deliveries(simulator, 2);
    expect(tries).toMatchObject([
      { statusCode: status, retryCount: 0, error: null },
      { statusCode: 200, retryCount: 1, webhookId: tries[0]?.webhookId, body: tries[0]?.body },
    ]);
    const [first, second] = receiver.received;
    expect(second?.headers['webhookid']).toBe(first?.headers['webhookid']);
    expect(second?.bytes).toEqual(first?.bytes);
  });

  it('is never tried a third time', async () => {
    const { simulator, time, execute } = await startBoth([500, 500]);
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    await deliveries(simulator, 1);
    await eventually(() => expect(time.waiting()).toBe(1));
    await time.advance(RETRY_DELAY_MS);
    await deliveries(simulator, 2);
    await time.advance(24 * 3_600_000);
    expect(time.waiting()).toBe(0);
    expect(simulator.webhooks()).toHaveLength(2);
  });

  it('counts as failed when nobody listens', async () => {
    const { simulator, time, execute } = await startSimulator({ webhook: { url: 'http://127.0.0.1:9', token: TOKEN } });
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    const [only] = await deliveries(simulator, 1);
    expect(only).toMatchObject({ statusCode: null, error: expect.stringContaining('ECONNREFUSED') });
    await eventually(() => expect(time.waiting()).toBe(1));
  });

  it('counts as failed when no answer comes in time', async () => {
    const { simulator, time, execute } = await startBoth([0], { webhookTimeoutMs: 50 });
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    const [only] = await deliveries(simulator, 1);
    expect(only).toMatchObject({ statusCode: null, retryCount: 0 });
    await eventually(() => expect(time.waiting()).toBe(1));
  });

  it('can be sent again by hand, under its old id', async () => {
    const { simulator, time, execute, receiver } = await startBoth([500, 500]);
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    const [first] = await deliveries(simulator, 1);
    await simulator.resend(first?.webhookId ?? 0);
    expect(receiver.received[1]?.headers['webhookid']).toBe(String(first?.webhookId));
    await expect(simulator.resend(1)).rejects.toThrow(RangeError);
  });
});

describe('a stopped simulator', () => {
  it('sends nothing any more', async () => {
    const { simulator, time, execute, receiver } = await startBoth();
    await execute(payIdPayout('ref-1'));
    expect(time.waiting()).toBe(1);
    await simulator.stop();
    expect(time.waiting()).toBe(0);
    await time.advance(60_000);
    expect(receiver.received).toEqual([]);
    await simulator.stop();
  });
});
