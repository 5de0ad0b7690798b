import { generateKeyPairSync, sign } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/fact.ts';
import type { Answer } from '../../../domain/problem.ts';
import { exchangeOverHttp } from '../../../functions/adapters/monoova/http-exchange.ts';
import { createSigningKeys } from '../../../functions/adapters/monoova/signing-keys.ts';
import { createWebhookProof } from '../../../functions/adapters/monoova/webhook-proof.ts';
import type { WebhookDeadLetter } from '../../../functions/adapters/webhook-dead-letters.ts';
import { createWebhookDeadLetters } from '../../../functions/adapters/webhook-dead-letters.ts';
import { createOnce } from '../../../functions/powertools/idempotency.ts';
import { createHandler, type Outcome, type ReceiveWebhookDeps } from '../../../functions/receive-webhook/handler.ts';
import { aPayout, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld } from '../../fakes/world.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';
import { answering, startServer } from '../adapters/monoova/scripted-server.ts';
import { aContext } from '../powertools/context.ts';

const TABLE = 'idempotency';
const BEARER = 'Bearer token-one';
const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex');

let monoova: Awaited<ReturnType<typeof startServer>>;
let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;

beforeAll(async () => {
  monoova = await startServer(answering(200, publicKey));
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});
afterAll(async () => {
  await monoova.stop();
  await dynamo.stop();
});

/** Each world has an idempotency prefix of its own, so that tests do not replay each other. */
let worlds = 0;

function open(overrides: Partial<ReceiveWebhookDeps> = {}, payout = aPayout({ posts: 1, task_token: 'bell' })) {
  const world = createWorld(payout);
  const letters: WebhookDeadLetter[] = [];
  const waits: number[] = [];
  worlds += 1;
  const handler = createHandler({
    ...world.deps,
    prove: createWebhookProof({
      readSecret: async () => ({ tokens: ['token-one'], baseUrl: monoova.url }),
      keys: createSigningKeys({ exchange: exchangeOverHttp, nowMs: world.deps.nowMs }),
      mode: 'signature-and-bearer',
    }),
    once: createOnce<Outcome>({ tableName: TABLE, client: dynamo.client, keyPrefix: `world-${worlds}` }),
    deadLetters: { put: async (letter) => void letters.push(letter) },
    wait: async (ms) => void waits.push(ms),
    ...overrides,
  });
  return { ...world, letters, waits, receive: (event: object, context = aContext()) => handler(event, context) };
}

function statusBody(fields: object = {}): string {
  const status = { UniqueReference: REFERENCE, TransactionId: 1022, Status: 'Payment Successful', Amount: 123.45 };
  const payee = { AccountName: 'Jane Citizen', AccountNumber: '819877339', PayId: null };
  return JSON.stringify({ ...status, ...payee, ...fields });
}

/** As API Gateway hands it over: headers in whatever case, the body as text or base64. */
function anEvent(
  body: string,
  options: { headers?: Record<string, string>; eventName?: string; isBase64?: boolean } = {},
) {
  const bytes = Buffer.from(body, 'utf8');
  const signature = sign('sha256', bytes, keyPair.privateKey).toString('base64');
  const headers = options.headers ?? { Authorization: BEARER, 'Verification-Signature': signature, Webhookid: '7' };
  return {
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pathParameters: options.eventName === undefined ? null : { eventName: options.eventName },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    requestContext: { requestId: 'r-1', extendedRequestId: 'x-1=' },
    body: options.isBase64 ? bytes.toString('base64') : body,
    isBase64Encoded: options.isBase64 ?? false,
  };
}

function codeOf(answer: Answer): unknown {
  expect(answer.headers['Content-Type']).toBe('application/problem+json');
  return JSON.parse(answer.body).code;
}

describe('a proven webhook', () => {
  it('completes its payout, rings the doorbell, and is answered with a 200', async () => {
    const { receive, store, counted, rung } = open();
    const answer = await receive(anEvent(statusBody()));
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '{"received":true}',
    });
    expect(await store.read(TRANSACTION_ID)).toMatchObject({
      status: 'Completed',
      monoova_transaction_id: 1022,
      history: [
        { kind: 'completed', source: 'webhook', amount_cents: 12_345, observed_at: '2026-11-23T00:00:01.000Z' },
      ],
    });
    expect(rung).toEqual(['bell']);
    expect(counted).toEqual(['PayoutCompleted', 'WebhookAccepted']);
  });

  it('rejects its payout with a reason that names nobody', async () => {
    const { receive, store } = open();
    const RejectionReasonDescription = 'Jane Citizen, 819877339: account closed';
    await receive(anEvent(statusBody({ Status: 'Rejected', RejectionReasonDescription })));
    expect(await store.read(TRANSACTION_ID)).toMatchObject({
      status: 'Rejected',
      history: [{ detail: '***, ***: account closed' }],
    });
  });

  it('is understood from base64, with non-ASCII bytes, and under the event name of its path', async () => {
    const { receive, store } = open();
    const event = anEvent(statusBody({ AccountName: 'Zoë ☕' }), { isBase64: true, eventName: 'NppPaymentStatus' });
    expect(await receive(event)).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Completed');
  });

  it('changes nothing the second time, and the record of the first holds nothing of a payee', async () => {
    const { receive, store, counted } = open();
    await receive(anEvent(statusBody()));
    const once = await store.read(TRANSACTION_ID);
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toEqual(once);
    expect(counted).toEqual(['PayoutCompleted', 'WebhookAccepted', 'WebhookReplayed']);
    const { Items } = await dynamo.documents.send(new ScanCommand({ TableName: TABLE }));
    expect(JSON.stringify(Items)).not.toMatch(/819877339|Jane|123\.45/);
    expect(Items).toContainEqual(expect.objectContaining({ data: { outcome: 'applied' } }));
  });

  it('in other bytes says nothing new either', async () => {
    const { receive, store, counted } = open();
    await receive(anEvent(statusBody()));
    const once = await store.read(TRANSACTION_ID);
    await receive(anEvent(statusBody({ LodgementRef: 'resent' })));
    expect(await store.read(TRANSACTION_ID)).toEqual(once);
    expect(counted).toEqual(['PayoutCompleted', 'WebhookAccepted', 'WebhookAccepted']);
  });

  it('about another amount completes nothing, and a person is called', async () => {
    const { receive, store, counted } = open();
    expect(await receive(anEvent(statusBody({ Amount: 1 })))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending', conflict: true });
    expect(counted).toEqual(['PayoutConflict', 'WebhookAccepted']);
  });

  it('about a payout that is not ours is counted, and its reference shown only if it is a UUID', async () => {
    const { receive, counted, lines } = open();
    const unknown = REFERENCE.replace('0a1b', 'ffff');
    expect(await receive(anEvent(statusBody({ UniqueReference: unknown })))).toHaveProperty('statusCode', 200);
    expect(await receive(anEvent(statusBody({ UniqueReference: 'Jane 819877339' })))).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookOrphaned', 'WebhookOrphaned']);
    expect(lines[0]).toContain(unknown);
    expect(lines.join()).not.toContain('Jane');
  });

  it('that came before its payout is applied when the same bytes come again', async () => {
    const { receive, store, counted } = open();
    const { read } = store;
    store.read = async () => undefined;
    const webhook = anEvent(statusBody());
    expect(await receive(webhook)).toHaveProperty('statusCode', 200);
    store.read = read;
    expect(await receive(webhook)).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookOrphaned', 'PayoutCompleted', 'WebhookAccepted']);
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed' });
  });

  it('of another event is ignored', async () => {
    const { receive, counted, lines } = open();
    const answer = await receive(anEvent('{"TransactionId":"N001"}', { eventName: 'NPPReceivePayment' }));
    expect(answer.statusCode).toBe(200);
    expect(counted).toEqual(['WebhookIgnored']);
    expect(lines).toEqual([expect.stringContaining('NPPReceivePayment')]);
  });

  it('that is not readable is refused with what is wrong, and without what it holds', async () => {
    const { receive, counted, lines } = open();
    const answer = await receive(anEvent(statusBody({ Status: 'Odd 819877339' })));
    expect(answer.statusCode).toBe(400);
    expect(codeOf(answer)).toBe('invalid_request');
    expect(JSON.parse(answer.body).errors).toEqual([{ field: 'body', message: expect.stringMatching(/^Status /) }]);
    expect(counted).toEqual(['WebhookUnreadable']);
    expect(lines.join() + answer.body).not.toContain('819877339');
  });
});

describe('a webhook that is not proven', () => {
  const signature = sign('sha256', Buffer.from(statusBody()), keyPair.privateKey).toString('base64');

  it.each([
    ['without a bearer', { 'Verification-Signature': signature }],
    ['with another bearer', { Authorization: 'Bearer x', 'Verification-Signature': signature }],
    ['without a signature', { Authorization: BEARER }],
    [
      'with a signature of other bytes',
      { Authorization: BEARER, 'Verification-Signature': signature.replace(/^./, 'A') },
    ],
  ])('is a 401 without a word about why: %s', async (_, headers) => {
    const { receive, store, counted, lines } = open();
    const answer = await receive(anEvent(statusBody(), { headers }));
    expect(answer.statusCode).toBe(401);
    expect(codeOf(answer)).toBe('unauthenticated_webhook');
    expect(counted).toEqual(['WebhookUnproven']);
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Pending');
    expect(lines.join() + answer.body).not.toMatch(/819877339|Jane|token-one|Bearer x/);
  });

  it('is a 401 with two bearers, also where one of them is right', async () => {
    const { receive } = open();
    const event = anEvent(statusBody());
    const multiValueHeaders = { ...event.multiValueHeaders, authorization: [BEARER] };
    expect(await receive({ ...event, multiValueHeaders })).toHaveProperty('statusCode', 401);
  });

  it('is read from single headers where there are no lists', async () => {
    const { receive } = open();
    const { multiValueHeaders: _lists, ...event } = anEvent(statusBody());
    expect(await receive(event)).toHaveProperty('statusCode', 200);
    expect(await receive({ body: null })).toHaveProperty('statusCode', 401);
  });

  it('nor refuted, because the key cannot be had, is asked for again', async () => {
    const { receive, counted, letters } = open({ prove: () => Promise.reject(new Error('no key')) });
    const answer = await receive(anEvent(statusBody()));
    expect(answer.statusCode).toBe(500);
    expect(codeOf(answer)).toBe('internal');
    expect(counted).toEqual(['WebhookFailed']);
    expect(letters).toEqual([]);
  });
});

describe('a webhook that cannot be applied', () => {
  /** A store that fails so many times, and then works. */
  function failing(times: number) {
    const world = createWorld(aPayout({ posts: 1 }));
    let failures = 0;
    const read = async (id: string) => {
      if (failures++ < times) throw new TypeError('table 819877339 is away');
      return world.store.read(id);
    };
    return { ...world.store, read };
  }

  it('is tried three times, with short waits', async () => {
    const { receive, counted, waits, letters } = open({ store: failing(2) });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(waits).toEqual([100, 400]);
    expect(counted).toContain('WebhookAccepted');
    expect(letters).toEqual([]);
  });

  it('leaves its fact in the dead-letter queue, and asks Monoova to repeat it', async () => {
    const { receive, counted, letters, lines } = open({ store: failing(3) });
    const answer = await receive(anEvent(statusBody()));
    expect(answer.statusCode).toBe(500);
    expect(codeOf(answer)).toBe('internal');
    expect(counted).toEqual(['WebhookFailed']);
    const fact: Fact = {
      kind: 'completed',
      source: 'webhook',
      observed_at: '2026-11-23T00:00:01.000Z',
      unique_reference: REFERENCE,
      amount_cents: 12_345,
      monoova_transaction_id: 1022,
    };
    expect(letters).toEqual([
      {
        transaction_id: TRANSACTION_ID,
        fact,
        error: 'TypeError',
        received_at: '2026-11-23T00:00:01.000Z',
        request_id: 'x-1=',
        attempts: 3,
      },
    ]);
    expect(lines.join()).not.toContain('Jane');
  });

  it('is applied by the repeat: a failure is not remembered', async () => {
    const { receive, counted } = open({ store: failing(3) });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 500);
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookFailed', 'PayoutCompleted', 'WebhookAccepted']);
  });

  it('is given up early where little time is left', async () => {
    const { receive, letters, waits } = open({ store: failing(3) });
    expect(await receive(anEvent(statusBody()), aContext(3_999))).toHaveProperty('statusCode', 500);
    expect(letters).toMatchObject([{ attempts: 1 }]);
    expect(waits).toEqual([]);
  });

  it('is answered also where the queue is away', async () => {
    const client = new SQSClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'ap-southeast-2',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const deadLetters = createWebhookDeadLetters(client, 'http://127.0.0.1:9/000000000000/webhooks');
    const { receive, lines } = open({ store: failing(3), deadLetters });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 500);
    expect(lines.join()).toContain('The dead letter of a webhook was lost.');
    client.destroy();
  });

  it('is left to the invocation that is applying it', async () => {
    const busy = Object.assign(new Error('busy'), { name: 'IdempotencyAlreadyInProgressError' });
    const { receive, counted, letters } = open({ once: () => Promise.reject(busy) });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 500);
    expect(counted).toEqual([]);
    expect(letters).toEqual([]);
  });

  it('does not depend on the idempotency table', async () => {
    const once = createOnce<Outcome>({ tableName: 'nowhere', client: dynamo.client, keyPrefix: 'x' });
    const { receive, store, counted } = open({ once });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Completed');
    expect(counted).toEqual(['PayoutCompleted', 'WebhookAccepted', 'WebhookAccepted']);
  });

  it('may fail with something that is no error', async () => {
    const { receive, letters } = open({ once: () => Promise.reject('a text') });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 500);
    expect(letters).toMatchObject([{ error: 'unknown', attempts: 0 }]);
  });
});
