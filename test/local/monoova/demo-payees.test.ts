import { describe, expect, it } from 'vitest';
import { bankPayout, payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, deliveries, startReceiver, startSimulator, TOKEN } from './support.ts';

async function startAll() {
  const receiver = await startReceiver();
  const all = await startSimulator({ webhook: { url: receiver.url, token: TOKEN } });
  const statusOf = async (reference: string) => (await answerOf(all.status(reference))).json['transactionStatus'];
  return { ...all, receiver, statusOf };
}

/** Each behaviour addressed both ways. */
const addressed = (name: string, accountNumber: string): [string, object][] => [
  [`${name}@demo.example`, payIdPayout('ref-1', `${name}@demo.example`)],
  [`802-950 ${accountNumber}`, bankPayout('ref-1', accountNumber)],
];

describe('the demo payees', () => {
  it.each<[string, object]>([
    ['payid@demo.example', payIdPayout('ref-1')],
    ...addressed('bank', '22090101'),
    ['an ordinary payee', bankPayout('ref-1', '819877339')],
  ])('%s is paid a second later, and a webhook says so', async (_, body) => {
    const { simulator, time, execute, statusOf, receiver } = await startAll();
    expect((await answerOf(execute(body))).json['status']).toBe('Pending');
    await time.advance(999);
    expect(await statusOf('ref-1')).toBe('Pending');
    await time.advance(1);
    expect(await statusOf('ref-1')).toBe('Complete');
    await deliveries(simulator, 1);
    expect(receiver.received[0]?.body).toMatchObject({ UniqueReference: 'ref-1', Status: 'Payment Successful' });
  });

  it.each(addressed('instant', '22090102'))('%s is paid within the answer, and no webhook follows', async (_, body) => {
    const { time, execute, statusOf, receiver } = await startAll();
    expect((await answerOf(execute(body))).json['status']).toBe('Ok');
    expect(await statusOf('ref-1')).toBe('Complete');
    expect(time.waiting()).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  it.each(addressed('rejected', '22090103'))(
    '%s is rejected with a reason, and the money comes back',
    async (_, body) => {
      const { simulator, time, execute, statusOf, receiver } = await startAll();
      const opening = simulator.balanceCents();
      expect((await answerOf(execute(body))).json['status']).toBe('Pending');
      await time.advance(1_000);
      expect(await statusOf('ref-1')).toBe('Rejected');
      await deliveries(simulator, 1);
      expect(receiver.received[0]?.body).toMatchObject({
        Status: 'Rejected',
        RejectionReasonDescription: 'ACCOUNT CLOSED',
        RejectionDateTime: '2026-01-15T12:00:01',
        RejectionTransactionId: 1_000_002,
      });
      expect(simulator.balanceCents()).toBe(opening);
    },
  );

  it.each(addressed('rejected-quoting', '22090110'))(
    '%s is rejected with a text that quotes account numbers',
    async (_, body) => {
      const { simulator, time, execute, receiver } = await startAll();
      await execute(body);
      await time.advance(1_000);
      await deliveries(simulator, 1);
      expect(receiver.received[0]?.body['RejectionReasonDescription']).toMatch(
        /22090110|rejected-quoting@.*00012345678/,
      );
    },
  );

  it.each(addressed('returned', '22090104'))(
    '%s comes back five seconds after success, and stays Complete',
    async (_, body) => {
      const { simulator, time, execute, statusOf, receiver } = await startAll();
      const opening = simulator.balanceCents();
      await execute(body);
      await time.advance(1_000);
      await deliveries(simulator, 1);
      await time.advance(5_000);
      await deliveries(simulator, 2);
      expect(receiver.received[1]?.body).toMatchObject({
        ReturnDate: '2026-01-15T12:00:06',
        Amount: 12.5,
        ReturnReason: 'ACCOUNT CLOSED',
        UniqueReference: 'ref-1',
        TransactionId: 1_000_001,
        ReturnTransactionId: 1_000_002,
      });
      expect(await statusOf('ref-1')).toBe('Complete');
      expect(simulator.payments()[0]?.state).toBe('Returned');
      expect(simulator.balanceCents()).toBe(opening);
    },
  );

  it.each(addressed('no-funds', '22090105'))(
    '%s is declined with a text that quotes the payee',
    async (payee, body) => {
      const { simulator, execute } = await startAll();
      const { httpStatus, json } = await answerOf(execute(body));
      expect({ httpStatus, ...json }).toMatchObject({
        httpStatus: 400,
        status: 'DebitTransactionWillExceedSignInCreditLimit',
        statusDescription: expect.stringContaining(payee),
        transactionId: 0,
      });
      expect(simulator.payments()).toEqual([]);
    },
  );

  it.each(addressed('no-webhook', '22090106'))('%s completes without a webhook', async (_, body) => {
    const { time, execute, statusOf, receiver } = await startAll();
    await execute(body);
    await time.advance(60_000);
    expect(await statusOf('ref-1')).toBe('Complete');
    expect(receiver.received).toEqual([]);
  });

  it.each(addressed('lost-response', '22090107'))(
    '%s is paid, but the connection is cut and no webhook comes',
    async (_, body) => {
      const { simulator, time, execute, statusOf, receiver } = await startAll();
      await expect(execute(body)).rejects.toThrow();
      expect(await statusOf('ref-1')).toBe('Pending');
      await time.advance(60_000);
      expect(await statusOf('ref-1')).toBe('Complete');
      expect((await answerOf(execute(body))).json['status']).toBe('UniqueReferenceExists');
      expect(simulator.payments()).toHaveLength(1);
      expect(receiver.received).toEqual([]);
    },
  );

  it.each(addressed('slow', '22090108'))('%s is paid at once and answered after eight seconds', async (_, body) => {
    const { simulator, time, execute } = await startAll();
    let answered = false;
    const response = execute(body).then((settled) => {
      answered = true;
      return settled;
    });
    await expect.poll(() => simulator.payments().length).toBe(1);
    await time.advance(7_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    await time.advance(1);
    expect((await answerOf(response)).json).toMatchObject({ status: 'Pending', durationMs: 8_000 });
  });

  it('survives a caller that gives up on a slow answer', async () => {
    const { simulator, time, url, status } = await startAll();
    const aborter = new AbortController();
    const response = fetch(`${url}/financial/v2/transaction/execute`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('the-api-key:')}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(payIdPayout('ref-1', 'slow@demo.example')),
      signal: aborter.signal,
    });
    await expect.poll(() => simulator.payments().length).toBe(1);
    aborter.abort();
    await expect(response).rejects.toThrow();
    await time.advance(8_000);
    expect((await answerOf(status('ref-1'))).json['transactionStatus']).toBe('Complete');
  });

  it.each(addressed('error', '22090109'))('%s is answered 500 and never paid', async (_, body) => {
    const { simulator, execute, status } = await startAll();
    for (const _attempt of [1, 2]) {
      const { httpStatus, json } = await answerOf(execute(body));
      expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 500, status: 'Exception' });
    }
    expect(simulator.payments()).toEqual([]);
    expect((await answerOf(status('ref-1'))).json['status']).toBe('UniqueIdNotFound');
  });
});
