import { generateKeyPairSync, sign } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/fact.ts';
import type { Answer } from '../../../domain/problem.ts';
import { exchangeOverHttp } from '../../../functions/adapters/monoova/http-exchange.ts';
import { createSigningKeys } from '../../../functions/adapters/monoova/signing-keys.ts';
import { createWebhookProof } from '../../../functions/adapters/monoova/webhook-proof.ts';
import { createWebhookQueue } from '../../../functions/adapters/webhook-queue.ts';
import { createOnce } from '../../../functions/powertools/idempotency.ts';
import { createHandler } from '../../../functions/receive-webhook/handler.ts';
import type { Outcome, ReceiveWebhookDeps } from '../../../functions/receive-webhook/ports.ts';
import { type WebhookLetter, webhookLetterSchema } from '../../../functions/shared/webhook-letter.ts';
import { within } from '../../../functions/shared/within.ts';
import { aPayout, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createFakeKeyMemory } from '../../fakes/key-memory.ts';
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
  const letters: WebhookLetter[] = [];
  const waits: number[] = [];
  worlds += 1;
  const handler = createHandler({
    ...world.deps,
    prove: createWebhookProof({
      readSecret: async () => ({ tokens: ['token-one'], baseUrl: monoova.url }),
      keys: createSigningKeys({
        exchange: exchangeOverHttp,
        nowMs: world.deps.nowMs,
        log: { warn: () => {} },
        memory: createFakeKeyMemory(),
      }),
      mode: 'signature-and-bearer',
      nowMs: world.deps.nowMs,
    }),
    once: createOnce<Outcome>({ tableName: TABLE, client: dynamo.client, keyPrefix: `world-${worlds}` }),
    // What does not pass the schema could not be read by whoever receives it.
    queue: { put: async (letter) => void letters.push(webhookLetterSchema.parse(letter)), postpone: async () => {} },
    wait: async (ms) => void waits.push(ms),
    monotonicMs: () => 0,
    within,
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

  it('about a payout of another system is counted, and its reference shown only if it is a UUID', async () => {
    const { receive, counted, lines, letters } = open();
    const foreign = REFERENCE.replace('-8a6b-', '-4a6b-');
    expect(await receive(anEvent(statusBody({ UniqueReference: foreign })))).toHaveProperty('statusCode', 200);
    expect(await receive(anEvent(statusBody({ UniqueReference: 'Jane 819877339' })))).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookForeign', 'WebhookForeign']);
    expect(lines[0]).toContain(foreign);
    expect(lines.join()).not.toContain('Jane');
    expect(letters).toEqual([]);
  });

  it('that came before its payout waits in the queue, once', async () => {
    const { receive, store, counted, letters } = open();
    store.read = async () => undefined;
    const webhook = anEvent(statusBody());
    expect(await receive(webhook)).toHaveProperty('statusCode', 200);
    expect(await receive(webhook)).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookQueued', 'WebhookReplayed']);
    expect(letters).toMatchObject([{ transaction_id: TRANSACTION_ID, error: 'PayoutNotFoundError', attempts: 1 }]);
  });

  it.each(['NPPReceivePayment', 'InboundDirectCredit'])('of %s is acknowledged and counted', async (eventName) => {
    const { receive, counted, lines, letters } = open();
    const answer = await receive(anEvent('{"TransactionId":"N001","AccountName":"Jane"}', { eventName }));
    expect(answer.statusCode).toBe(200);
    expect(counted).toEqual(['WebhookInbound']);
    expect([lines, letters]).toEqual([[], []]);
  });

  it('of an event that nobody knows is logged by its name, and acknowledged', async () => {
    const { receive, counted, lines, letters } = open();
    const answer = await receive(anEvent('{"TransactionId":"N001","AccountName":"Jane"}', { eventName: 'Unheard' }));
    expect(answer.statusCode).toBe(200);
    expect(counted).toEqual(['WebhookIgnored']);
    expect(lines).toEqual([expect.stringContaining('Unheard')]);
    expect(lines.join()).not.toContain('Jane');
    expect(letters).toEqual([]);
  });

  it('that is not readable is refused with what is wrong, and kept for a person without what it holds', async () => {
    const { receive, counted, lines, letters } = open();
    const webhook = anEvent(statusBody({ Status: 'Odd 819877339' }));
    for (let time = 0; time < 2; time++) {
      const answer = await receive(webhook);
      expect(answer.statusCode).toBe(400);
      expect(codeOf(answer)).toBe('invalid_request');
      expect(JSON.parse(answer.body).errors).toEqual([{ field: 'body', message: expect.stringMatching(/^Status /) }]);
      expect(lines.join() + answer.body).not.toContain('819877339');
    }
    expect(counted).toEqual(['WebhookUnreadable', 'WebhookUnreadable']);
    expect(letters).toEqual([
      {
        transaction_id: TRANSACTION_ID,
        fact: {
          kind: 'unreadable',
          event: 'NppPaymentStatus',
          problems: [expect.stringMatching(/^Status /)],
          unique_reference: REFERENCE,
          amount_cents: 12_345,
          monoova_transaction_id: 1022,
          webhook_id: 7,
          body_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        error: 'WebhookUnreadable',
        received_at: '2026-11-23T00:00:01.000Z',
        request_id: 'x-1=',
        attempts: 0,
      },
    ]);
  });

  it('that is named another event is kept for a person, and is still applied when it comes under its own name', async () => {
    const { receive, store, counted, letters } = open();
    const answer = await receive(anEvent(statusBody(), { eventName: 'NppReturn' }));
    expect(answer.statusCode).toBe(400);
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending', history: [] });
    expect(letters).toMatchObject([
      { error: 'WebhookMisnamed', fact: { kind: 'misnamed', event: 'NppPaymentStatus' } },
    ]);
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Completed');
    expect(counted).toEqual(['WebhookMisnamed', 'PayoutCompleted', 'WebhookAccepted']);
  });

  it.each([
    ['a word', 'one'],
    ['a number too long', '1'.repeat(16)],
    ['nothing', '0'],
  ])('keeps no notification number that is %s', async (_, Webhookid) => {
    const { receive, letters } = open();
    const event = anEvent('{', { eventName: 'NppReturn' });
    await receive({ ...event, multiValueHeaders: { ...event.multiValueHeaders, Webhookid: [Webhookid] } });
    expect(letters[0]?.fact).not.toHaveProperty('webhook_id');
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
      {
        Authorization: BEARER,
        'Verification-Signature': signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      },
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

  it.each(['signature-and-bearer', 'bearer'] as const)(
    'is a 401 with two signatures, also where one of them is right and none is needed: %s',
    async (mode) => {
      const { receive, store } = open({
        prove: createWebhookProof({
          readSecret: async () => ({ tokens: ['token-one'], baseUrl: monoova.url }),
          keys: createSigningKeys({
            exchange: exchangeOverHttp,
            nowMs: () => 0,
            log: { warn: () => {} },
            memory: createFakeKeyMemory(),
          }),
          mode,
          nowMs: () => 0,
        }),
      });
      const event = anEvent(statusBody());
      const multiValueHeaders = { ...event.multiValueHeaders, 'verification-signature': [signature] };
      expect(await receive({ ...event, multiValueHeaders })).toHaveProperty('statusCode', 401);
      expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Pending');
    },
  );

  it('is read from single headers where there are no lists', async () => {
    const { receive } = open();
    const { multiValueHeaders: _lists, ...event } = anEvent(statusBody());
    expect(await receive(event)).toHaveProperty('statusCode', 200);
    expect(await receive({ body: null })).toHaveProperty('statusCode', 401);
  });

  it.each([
    ['cannot be had', () => Promise.reject(new Error('no key'))],
    ['is too slow', () => new Promise<never>(() => {})],
  ])('nor refuted, because the key %s, is asked for again', async (_, prove) => {
    const { receive, counted, letters } = open({ prove, within: (work) => within(work, 20) });
    const answer = await receive(anEvent(statusBody()));
    expect(answer.statusCode).toBe(500);
    expect(codeOf(answer)).toBe('internal');
    expect(counted).toEqual(['WebhookFailed']);
    expect(letters).toEqual([]);
  });
});

const COMPLETED: Fact = {
  kind: 'completed',
  source: 'webhook',
  observed_at: '2026-11-23T00:00:01.000Z',
  unique_reference: REFERENCE,
  amount_cents: 12_345,
  monoova_transaction_id: 1022,
};

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
    expect(waits).toEqual([50, 200]);
    expect(counted).toContain('WebhookAccepted');
    expect(letters).toEqual([]);
  });

  it('leaves its fact in the queue, and is received', async () => {
    const { receive, counted, letters, lines } = open({ store: failing(3) });
    const answer = await receive(anEvent(statusBody()));
    expect(answer.statusCode).toBe(200);
    expect(counted).toEqual(['WebhookQueued']);
    expect(letters).toEqual([
      {
        transaction_id: TRANSACTION_ID,
        fact: COMPLETED,
        error: 'TypeError',
        received_at: '2026-11-23T00:00:01.000Z',
        request_id: 'x-1=',
        attempts: 3,
      },
    ]);
    expect(lines.join()).not.toMatch(/Jane|819877339/);
  });

  it('is in the queue once, however often it is sent', async () => {
    const { receive, counted, letters } = open({ store: failing(3) });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(counted).toEqual(['WebhookQueued', 'WebhookReplayed']);
    expect(letters).toHaveLength(1);
  });

  it('is put into the queue where the table hangs, before Monoova has waited for too long', async () => {
    const store = { ...createWorld().store, read: () => new Promise<never>(() => {}) };
    let leftMs = 0;
    const { receive, letters } = open({
      store,
      within: (work, ms) => {
        leftMs = ms;
        return within(work, 30);
      },
    });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(leftMs).toBe(2_000);
    expect(letters).toMatchObject([{ error: 'TooSlowError', fact: COMPLETED }]);
  });

  it('is left no more time than the proof has left', async () => {
    const givenMs: number[] = [];
    const times = [0, 1_500];
    const { receive } = open({
      monotonicMs: () => times.shift() ?? 9_000,
      within: (work, ms) => {
        givenMs.push(ms);
        return within(work, 1_000);
      },
    });
    await receive(anEvent(statusBody()));
    expect(givenMs).toEqual([1_600, 500]);
  });

  it('asks Monoova to repeat it where the queue is away as well', async () => {
    const client = new SQSClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'ap-southeast-2',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const queue = createWebhookQueue(client, 'http://127.0.0.1:9/000000000000/webhooks');
    const { receive, counted, lines } = open({ store: failing(3), queue });
    const answer = await receive(anEvent(statusBody()));
    expect(answer.statusCode).toBe(500);
    expect(codeOf(answer)).toBe('internal');
    expect(counted).toEqual(['WebhookFailed']);
    expect(lines.join()).toContain('could neither be applied nor kept');
    // A failure is not remembered.
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(counted.at(-1)).toBe('WebhookAccepted');
    client.destroy();
  });

  it('asks for a repeat also where it cannot be kept for a person', async () => {
    const queue = { put: () => Promise.reject(new Error('away')), postpone: async () => {} };
    const { receive, counted } = open({ queue });
    expect(await receive(anEvent('{'))).toHaveProperty('statusCode', 500);
    expect(counted).toEqual(['WebhookFailed']);
  });

  it('is kept for a person also where the idempotency table hangs', async () => {
    const { receive, letters } = open({
      once: () => new Promise<never>(() => {}),
      within: (work) => within(work, 30),
    });
    expect(await receive(anEvent('{'))).toHaveProperty('statusCode', 400);
    expect(letters).toHaveLength(1);
  });

  it.each([
    ['while another invocation is at it, since that one may die', 'IdempotencyAlreadyInProgressError'],
    ['where its memory expires at this very moment', 'IdempotencyInconsistentStateError'],
  ])('is applied as well %s', async (_when, name) => {
    const unclear = Object.assign(new Error('unclear'), { name });
    const { receive, store, counted, letters } = open({ once: () => Promise.reject(unclear) });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('status', 'Completed');
    expect(counted).toEqual(['PayoutCompleted', 'WebhookAccepted']);
    expect(letters).toEqual([]);
  });

  it('may fail with something that is no error', async () => {
    const { receive, letters } = open({ store: { ...createWorld().store, read: () => Promise.reject('a text') } });
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(letters).toMatchObject([{ error: 'Error', attempts: 3 }]);
  });
});

describe('without the memory of Powertools', () => {
  const switchedOff = 'POWERTOOLS_IDEMPOTENCY_DISABLED';
  afterEach(() => {
    delete process.env[switchedOff];
  });

  it.each<[string, () => Partial<ReceiveWebhookDeps>]>([
    [
      'switched off',
      () => {
        process.env[switchedOff] = 'true';
        return {};
      },
    ],
    [
      'whose table is away',
      () => ({ once: createOnce<Outcome>({ tableName: 'nowhere', client: dynamo.client, keyPrefix: 'x' }) }),
    ],
  ])('%s, facts applied twice change nothing', async (_, deps) => {
    const { receive, store, counted, rung } = open(deps());
    const returned = { ReturnDate: '2026-11-24T00:00:00', ReturnTransactionId: 1030, Amount: 23.45, Status: null };
    for (const body of [statusBody(), statusBody(returned)]) {
      expect(await receive(anEvent(body))).toHaveProperty('statusCode', 200);
      const once = await store.read(TRANSACTION_ID);
      expect(await receive(anEvent(body))).toHaveProperty('statusCode', 200);
      expect(await store.read(TRANSACTION_ID)).toEqual(once);
    }
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', returned_cents: 2_345 });
    expect(rung).toEqual(['bell']);
    expect(counted.filter((name) => name === 'WebhookAccepted')).toHaveLength(4);
    expect(counted.filter((name) => name === 'PayoutCompleted')).toHaveLength(1);
  });
});

describe('the doorbell', () => {
  function withBell(error: Error | undefined) {
    const rung: string[] = [];
    const ring = async (token: string) => {
      if (error) throw error;
      rung.push(token);
    };
    return { ...open({ tokens: { ring } }), rungNow: rung };
  }

  it('that is throttled goes to the queue with the fact, after the outcome is written, and is kept in the record', async () => {
    const { receive, store, counted, letters } = withBell(new Error('ThrottlingException'));
    expect(await receive(anEvent(statusBody()))).toHaveProperty('statusCode', 200);
    expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', task_token: 'bell' });
    expect(letters).toMatchObject([{ transaction_id: TRANSACTION_ID, error: 'DoorbellFailed' }]);
    expect(JSON.stringify(letters)).not.toContain('bell"');
    expect(counted).toEqual(['PayoutCompleted', 'DoorbellFailed', 'WebhookQueued']);
  });

  it('that rings leaves the record, and nothing in the queue', async () => {
    const { receive, store, letters, rungNow } = withBell(undefined);
    await receive(anEvent(statusBody()));
    expect(rungNow).toEqual(['bell']);
    expect(await store.read(TRANSACTION_ID)).not.toHaveProperty('task_token');
    expect(letters).toEqual([]);
  });
});
