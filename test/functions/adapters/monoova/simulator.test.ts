import { describe, expect, it } from 'vitest';
import { destinationSchema } from '../../../../domain/destination.ts';
import { toCents } from '../../../../domain/money.ts';
import { referenceOfKey } from '../../../../domain/reference.ts';
import { createMonoova } from '../../../../functions/adapters/monoova/client.ts';
import { exchangeOverHttp } from '../../../../functions/adapters/monoova/http-exchange.ts';
import { createSigningKeys } from '../../../../functions/adapters/monoova/signing-keys.ts';
import { understandWebhook } from '../../../../functions/adapters/monoova/webhook-events.ts';
import { createWebhookProof } from '../../../../functions/adapters/monoova/webhook-proof.ts';
import type { BehaviourName } from '../../../../local/monoova/behaviours.ts';
import { createFakeKeyMemory } from '../../../fakes/key-memory.ts';
import { START_MS, startReceiver, startSimulator, TOKEN } from '../../../local/monoova/support.ts';
import { API_KEY } from '../../../support/monoova-client.ts';

/** No deadline that a test could meet. */
const LATE_MS = Number.MAX_SAFE_INTEGER;

/**
 * The adapter against the simulator, which was written from Monoova's documents without knowledge of this adapter: what one
 * sends the other takes, and what one says the other understands.
 */
const payee = destinationSchema.parse({
  type: 'PayId',
  payIdType: 'Email',
  payId: 'jane@example.com',
  accountName: 'Jane Citizen',
});
const account = destinationSchema.parse({
  type: 'BankAccount',
  bsb: '062-205',
  accountNumber: '819877339',
  accountName: 'Jane Citizen',
});
const uniqueReference = referenceOfKey('one');
const instruction = { uniqueReference, amountCents: toCents(12_345), destination: payee, description: 'Invoice 7' };

function clientOf(url: string, apiKey = API_KEY) {
  return createMonoova({
    readApiKey: async () => ({ apiKey, environment: 'sandbox', baseUrl: url }),
    exchange: exchangeOverHttp,
    nowMs: () => START_MS,
    remitter: { name: 'Us', mAccountToken: '' },
    postTimeoutMs: 500,
    lookupTimeoutMs: 500,
  }).connect();
}

describe('the simulated Monoova', () => {
  it('takes a payment once, and says that it had it the second time', async () => {
    const { url, simulator } = await startSimulator();
    const monoova = await clientOf(url);
    const first = await monoova.execute(instruction, LATE_MS);
    expect(first).toMatchObject({ kind: 'accepted', monoovaTransactionId: expect.any(Number) });
    expect(await monoova.execute(instruction, LATE_MS)).toMatchObject({ kind: 'already-received' });
    expect(simulator.payments()).toMatchObject([
      {
        uniqueReference,
        amountCents: 12_345,
        endToEndId: uniqueReference.replaceAll('-', ''),
        remitterName: 'Us',
        lodgementReference: 'Invoice 7',
      },
    ]);
  });

  it('pays a bank account, and tells how it ended', async () => {
    const { url, time } = await startSimulator();
    const monoova = await clientOf(url);
    expect(await monoova.lookUp(uniqueReference)).toEqual({ kind: 'not-found' });
    expect(await monoova.execute({ ...instruction, destination: account }, LATE_MS)).toMatchObject({
      kind: 'accepted',
    });
    expect(await monoova.lookUp(uniqueReference)).toEqual({ kind: 'pending', detail: 'Pending' });
    await time.advance(1_000);
    expect(await monoova.lookUp(uniqueReference)).toEqual({ kind: 'completed', detail: 'Complete' });
  });

  it.each([
    ['no-funds', { kind: 'declined', code: 'DebitTransactionWillExceedSignInCreditLimit' }, 0],
    ['error', { kind: 'unanswered', detail: 'HTTP 500, Exception' }, 0],
    ['throttled', { kind: 'throttled', retryAfterSeconds: 1 }, 0],
    ['unavailable', { kind: 'unanswered', detail: 'HTTP 503, not readable' }, 0],
    ['redirect', { kind: 'unanswered' }, 0],
    ['unknown-code', { kind: 'unanswered' }, 1],
    ['error-after-taking', { kind: 'unanswered' }, 1],
    ['garbage', { kind: 'unanswered' }, 1],
    ['html', { kind: 'unanswered' }, 1],
    ['empty', { kind: 'unanswered' }, 1],
    ['cut-before-taking', { kind: 'unanswered' }, 0],
    ['cut-after-taking', { kind: 'unanswered' }, 1],
    ['cut-midway', { kind: 'unanswered' }, 1],
    ['slow', { kind: 'unanswered', detail: 'TIMEOUT' }, 1],
    ['extra-fields', { kind: 'accepted' }, 1],
    ['wrong-content-type', { kind: 'accepted' }, 1],
    ['instant', { kind: 'accepted', code: 'Ok' }, 1],
  ] satisfies [BehaviourName, object, number][])(
    'is understood when it plays %s',
    async (behaviour, expected, payments) => {
      const { url, simulator } = await startSimulator();
      simulator.script('*', behaviour);
      const result = await (await clientOf(url)).execute(instruction, LATE_MS);
      expect(result).toMatchObject(expected);
      expect(JSON.stringify(result)).not.toMatch(/jane|6279059700000001/i);
      expect(simulator.payments()).toHaveLength(payments);
      expect(simulator.requests()).toHaveLength(1);
    },
  );

  it('refuses a wrong key by name', async () => {
    const { url } = await startSimulator();
    const monoova = await clientOf(url, 'wrong');
    const refused = { kind: 'credentials-refused', code: 'MerchantFailedToLogin' };
    expect(await monoova.execute(instruction, LATE_MS)).toEqual(refused);
    expect(await monoova.lookUp(uniqueReference)).toEqual(refused);
  });

  it.each([
    ['payid', 'completed', undefined],
    ['rejected-quoting', 'rejected', 'NO ACCOUNT *** AT THIS BRANCH, TRY ***'],
  ] satisfies [BehaviourName, string, string | undefined][])(
    'sends a webhook that is proven and understood when it plays %s',
    async (behaviour, kind, detail) => {
      const receiver = await startReceiver();
      const { url, simulator, time } = await startSimulator({ webhook: { url: `${receiver.url}/hook`, token: TOKEN } });
      simulator.script('*', behaviour);
      await (await clientOf(url)).execute(instruction, LATE_MS);
      await time.advance(1_000);
      await expect.poll(() => receiver.received.length).toBe(1);
      const [webhook] = receiver.received;
      if (!webhook) throw new Error('no webhook');
      const prove = createWebhookProof({
        readSecret: async () => ({ tokens: [TOKEN], baseUrl: url }),
        keys: createSigningKeys({
          exchange: exchangeOverHttp,
          nowMs: () => START_MS,
          log: { warn: () => {} },
          memory: createFakeKeyMemory(),
        }),
        mode: 'signature-and-bearer',
        nowMs: () => START_MS,
      });
      const signature = webhook.headers['verification-signature'];
      const credentials = { authorization: webhook.headers.authorization, signature: String(signature) };
      expect(await prove(credentials, webhook.bytes)).toEqual({ isProven: true });
      const understood = understandWebhook(webhook.bytes, { observedAt: '2026-11-23T00:00:00.000Z' });
      expect(understood).toMatchObject({ fact: { kind, unique_reference: uniqueReference, amount_cents: 12_345 } });
      expect(understood.kind === 'fact' ? understood.fact.detail : 'none').toBe(detail);
    },
  );
});
