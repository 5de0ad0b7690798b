import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceOfKey } from '../../../../domain/reference.ts';
import { bookedStatusesOf, sentWebhooksOf, statementOf } from '../../../../functions/adapters/monoova/books.ts';
import { createMonoova } from '../../../../functions/adapters/monoova/client.ts';
import { exchangeOverHttp, type HttpOutcome } from '../../../../functions/adapters/monoova/http-exchange.ts';
import { deliveries, eventually, startReceiver, startSimulator, TOKEN } from '../../../local/monoova/support.ts';
import { API_KEY, payIdPayout } from '../../../support/monoova-client.ts';
import { answering, startServer } from './scripted-server.ts';

const answer = (body: unknown, status = 200): HttpOutcome => ({
  kind: 'answer',
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('the status by date', () => {
  it.each([
    ['Complete', 'completed'],
    ['Rejected', 'rejected'],
    ['Pending', 'pending'],
    ['WaitingOnClearedFunds', 'pending'],
    ['Dishonoured', 'unknown'],
    ['Novel', 'unknown'],
  ])('says by %s what the look-up says by it', (transactionStatus, said) => {
    const told = bookedStatusesOf(answer({ status: 'Ok', statuses: [{ uniqueReference: 'a', transactionStatus }] }));
    const line = { uniqueReference: 'a', said, detail: transactionStatus };
    expect(told).toEqual({ kind: 'told', lines: [line], unreadable: 0 });
  });

  it('counts the lines that it cannot read, and reads the others', () => {
    const statuses = [
      { uniqueReference: 'a', transactionStatus: 'Complete', novelty: {} },
      { uniqueReference: '', transactionStatus: 'Complete' },
      { uniqueReference: 'b', transactionStatus: 'paid to Jane Citizen' },
      { uniqueReference: 'c' },
      null,
      'd',
    ];
    expect(bookedStatusesOf(answer({ status: 'Ok', statuses }))).toMatchObject({
      lines: [{ uniqueReference: 'a' }],
      unreadable: 5,
    });
  });

  it('is empty where the list is null, and no answer where there is none', () => {
    expect(bookedStatusesOf(answer({ status: 'Ok', statuses: null }))).toEqual({
      kind: 'told',
      lines: [],
      unreadable: 0,
    });
    expect(bookedStatusesOf(answer({ status: 'Ok' }))).toMatchObject({ kind: 'unknown' });
    expect(bookedStatusesOf(answer({ status: 'Ok', statuses: {} }))).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [answer({ status: 'Ok', statuses: [] }, 500), 'unknown'],
    [answer({ status: 'Ok', statuses: [] }, 302), 'unknown'],
    [answer({ status: 'ValidationFailed', statuses: [] }), 'unknown'],
    [answer('<html>'), 'unknown'],
    [answer('[]'), 'unknown'],
    [{ kind: 'failure', phase: 'sent', code: 'TIMEOUT' } as const, 'unknown'],
    [answer('', 401), 'credentials-refused'],
    [answer({ status: 'MerchantLockedOut' }, 400), 'credentials-refused'],
  ])('is not told by %j', (outcome, kind) => {
    expect(bookedStatusesOf(outcome)).toMatchObject({ kind });
  });
});

describe('the statement', () => {
  it('gives number, cents and time, in both spellings of the reference', () => {
    const transactions = [
      { uniqueReferenced: 'a', transactionId: 36, totalAmount: 37.8, dateTime: '2018-09-01T19:19:38.123' },
      { uniqueReference: 'b', transactionId: 0, totalAmount: 'much', dateTime: 'then' },
      { transactionId: 37, totalAmount: 1 },
    ];
    expect(statementOf(answer({ status: 'Ok', transactions }))).toEqual({
      kind: 'told',
      lines: [
        { uniqueReference: 'a', monoovaTransactionId: 36, amountCents: 3780, executedAt: '2018-09-01T19:19:38' },
        { uniqueReference: 'b' },
      ],
      unreadable: 1,
    });
  });
});

describe('the report of webhooks', () => {
  it('tells which were received', () => {
    const notifications = [
      { webhookId: 1, eventName: 'NppReturn', status: 'Error', retryCount: 1 },
      { webhookId: 2, eventName: 'NppPaymentStatus', status: 'Sent', retryCount: null },
      { webhookId: 'x', eventName: 'NppPaymentStatus', status: 'Error' },
    ];
    expect(sentWebhooksOf(answer({ status: 'Ok', notifications }))).toEqual({
      kind: 'told',
      lines: [
        { webhookId: 1, eventName: 'NppReturn', isReceived: false, retryCount: 1 },
        { webhookId: 2, eventName: 'NppPaymentStatus', isReceived: true, retryCount: 0 },
      ],
      unreadable: 1,
    });
  });
});

describe('the questions', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer(answering(200, ''));
  });
  afterAll(() => server.stop());
  const open = (url: string, apiKey = API_KEY) =>
    createMonoova({
      readApiKey: async () => ({ apiKey, environment: 'sandbox', baseUrl: url }),
      exchange: exchangeOverHttp,
      nowMs: () => 0,
      remitter: { name: '', mAccountToken: '' },
      postTimeoutMs: 500,
      lookupTimeoutMs: 500,
      booksTimeoutMs: 500,
    }).connect();

  it('are one request each, which is not repeated', async () => {
    server.plays(answering(503, ''));
    const monoova = await open(server.url);
    await monoova.statuses('2026-01-14', '2026-01-16');
    await monoova.statement('2026-01-15');
    await monoova.webhooks('2026-01-15', { skip: 20, take: 10 });
    expect(await monoova.resendWebhook(7)).toMatchObject({ kind: 'unknown' });
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', '/financial/v2/status/2026-01-14/2026-01-16', ''],
      ['GET', '/reports/v1/statement/2026-01-15', ''],
      ['GET', '/subscriptions/v1/report/2026-01-15?skip=20&take=10', ''],
      ['POST', '/subscriptions/v2/resend/7', ''],
    ]);
  });

  it('tell that the key was refused, and whether Monoova itself said so', async () => {
    server.plays(answering(401, { status: 'MerchantFailedToLogin' }));
    const { statement, resendWebhook } = await open(server.url);
    const refused = { kind: 'credentials-refused', code: 'MerchantFailedToLogin' };
    expect(await statement('2026-01-15')).toEqual(refused);
    expect(await resendWebhook(7)).toEqual(refused);
    server.plays(answering(403, '<html>'));
    expect(await statement('2026-01-15')).toEqual({
      kind: 'credentials-refused',
      code: 'HTTP 403',
      isKeyDoubted: true,
    });
  });

  it('take a day of ten thousand payments, and no endless answer', async () => {
    const statuses = Array.from({ length: 10_000 }, (_, index) => ({
      completedDate: '2026-01-15',
      uniqueReference: referenceOfKey(`${index}`),
      statusDescription: 'Operation completed successfully',
      transactionStatus: 'Complete',
    }));
    server.plays(answering(200, { status: 'Ok', statuses }));
    const told = await (await open(server.url)).statuses('2026-01-15', '2026-01-15');
    expect(told.kind === 'told' && told.lines.length).toBe(10_000);
    server.plays((response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    const endless = await (await open(server.url)).statement('2026-01-15');
    expect(endless).toMatchObject({ kind: 'unknown', detail: expect.stringMatching(/BODY_TOO_LARGE|TIMEOUT/) });
  });

  it('are understood by the simulated Monoova, which was written without knowledge of them', async () => {
    const receiver = await startReceiver(500, 500);
    const { url, time, execute, simulator } = await startSimulator({ webhook: { url: receiver.url, token: TOKEN } });
    const monoova = await open(url);
    const reference = referenceOfKey('one');
    await execute(payIdPayout(reference, 'ada@somewhere.example', 37.8));
    expect(await monoova.statuses('2026-01-15', '2026-01-15')).toMatchObject({
      lines: [{ uniqueReference: reference, said: 'pending', detail: 'Pending' }],
    });
    await time.advance(1_000);
    await deliveries(simulator, 1);
    await eventually(() => expect(time.waiting()).toBe(1));
    await time.advance(30_000);
    await deliveries(simulator, 2);
    expect(await monoova.statement('2026-01-15')).toEqual({
      kind: 'told',
      lines: [
        {
          uniqueReference: reference,
          monoovaTransactionId: 1_000_001,
          amountCents: 3780,
          executedAt: '2026-01-15T12:00:00',
        },
      ],
      unreadable: 0,
    });
    const report = () => monoova.webhooks('2026-01-15', { skip: 0, take: 10 });
    const webhook = { webhookId: 5_000_001, eventName: 'NppPaymentStatus', isReceived: false, retryCount: 1 };
    expect(await report()).toMatchObject({ lines: [webhook] });
    expect(await monoova.resendWebhook(webhook.webhookId)).toEqual({ kind: 'told' });
    await time.advance(0);
    await deliveries(simulator, 3);
    expect(await report()).toMatchObject({ lines: [{ ...webhook, isReceived: true, retryCount: 2 }] });
  });
});
