import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { AwsError } from '../../local/aws/wire.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, uniqueKey } from '../support/payouts.ts';
import { reconcile, todayOf } from '../support/reconciliation.ts';
import { spellingsOf } from '../support/spellings.ts';

type Customer = { customer_id: string; payout_destinations: Record<string, string>[] };

const CUSTOMERS: Customer[] = JSON.parse(
  readFileSync(new URL('../../local/demo-customers.json', import.meta.url), 'utf8'),
);
const SECRET_FIELDS = ['payId', 'bsb', 'accountNumber', 'accountName'];
const SECRETS = [
  ...new Set(
    CUSTOMERS.flatMap(({ payout_destinations }) =>
      payout_destinations.flatMap((destination) => SECRET_FIELDS.map((field) => destination[field] ?? '')),
    ).filter((text) => text !== ''),
  ),
  'local-monoova-api-key',
  'local-webhook-token',
];
/** A payee who is slow to be paid takes his real seconds. */
const TIMEOUT_MS = 40_000;
const PAYEE = 'payid@demo.example';

/** Which secrets stand in the text, in any spelling: their positions in the list, since a failed test prints them. */
function secretsIn(text: string): number[] {
  return [...SECRETS.keys()].filter((index) =>
    spellingsOf(SECRETS[index] ?? '').some((spelling) => text.includes(spelling)),
  );
}

/** What an operator or a disk could ever see of a run, as `--record` writes it down. */
describe('the record of a run', { timeout: TIMEOUT_MS }, () => {
  const recordDirectory = mkdtempSync(join(tmpdir(), 'record-'));
  const run = useLocalRun({ recordDirectory });
  afterAll(() => rmSync(recordDirectory, { recursive: true }));

  const recorded = (kind: string) => readFileSync(join(recordDirectory, `${kind}.jsonl`), 'utf8');

  it('holds no destination, name, key or token, however it is spelt', async () => {
    await payEveryone();
    await askWrongly();
    await forgeWebhooks();
    await loseWebhook();
    await run().advance(100_000);
    await reconcile(run(), { from: todayOf(run()), to: todayOf(run()) });

    const files = readdirSync(recordDirectory).sort();
    expect(files).toEqual(
      ['answer', 'item', 'log', 'metric', 'queue', 'state', 'topic'].map((kind) => `${kind}.jsonl`),
    );
    for (const kind of ['log', 'metric', 'state', 'queue', 'item', 'answer']) {
      expect(recorded(kind).split('\n').length, `lines of ${kind}`).toBeGreaterThan(1);
      expect(secretsIn(recorded(kind)), `secrets in ${kind}`).toEqual([]);
    }
    expect(secretsIn(recorded('topic'))).toEqual([]);
  });

  it('holds what there is to see: inputs, results, items, messages and answers', () => {
    expect(recorded('state')).toContain('"type":"TaskSucceeded"');
    expect(recorded('state')).toContain('payouts-dev-submission');
    expect(recorded('item')).toContain('"table":"payouts-dev-customers"');
    expect(recorded('item')).toContain('"status":{"S":"Completed"}');
    expect(recorded('queue')).toContain('"queue":"payouts-dev-webhook-retry"');
    expect(recorded('answer')).toContain('"status":202');
    expect(recorded('metric')).toContain('"namespace":');
    for (const line of recorded('log').trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('time');
  });

  it.each(Object.entries(HOW))('would show each of them %s', (_, spell) => {
    const records = recorded('log').split('\n').slice(0, 20);
    for (const [index, secret] of SECRETS.entries()) {
      const copy = records.toSpliced(10, 0, `{"message":"x${spell(secret)}y"}`).join('\n');
      expect(secretsIn(copy)).toContain(index);
    }
  });

  it('keeps neither ciphertext nor token in the record of a payout that is final', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-instant' });
    const output = await run().services.dynamodb.call('GetItem', {
      TableName: 'payouts-dev-transactions',
      Key: { transaction_id: { S: id } },
    });
    expect(output['Item']).toMatchObject({ status: { S: 'Completed' } });
    for (const name of ['destination_ciphertext', 'task_token', 'open'])
      expect(output['Item']).not.toHaveProperty(name);
  });

  async function payEveryone(): Promise<void> {
    const requests = CUSTOMERS.flatMap(({ customer_id }) =>
      ['PayId', 'BankAccount'].map((payout_method) => ({ customer_id, payout_method, description: 'wages' })),
    );
    await Promise.all(
      requests.map(async (request) => {
        const created = await createPayout(run(), request);
        if (created.status === 202) await getPayout(run(), created.id);
      }),
    );
  }

  /** A client's own text may hold anything; where it is refused, nothing of it is kept or answered. */
  async function askWrongly(): Promise<void> {
    const headers = { 'Idempotency-Key': uniqueKey() };
    for (const body of [
      { customer_id: PAYEE, amount: 1, payout_method: 'PayId' },
      { customer_id: 'cust-demo-payid', amount: 1, payout_method: PAYEE },
      { customer_id: 'cust-demo-payid', amount: PAYEE, payout_method: 'PayId' },
      { customer_id: 'cust-demo-payid', amount: 1, payout_method: 'PayId', [PAYEE]: PAYEE },
    ]) {
      expect((await run().request('POST', '/payouts', { body, headers })).status).toBe(400);
    }
  }

  async function forgeWebhooks(): Promise<void> {
    const forged = { EventName: 'NppPaymentStatus', PayId: PAYEE, AccountName: 'Demo Payid' };
    for (const token of ['Bearer wrong', 'Bearer local-webhook-token']) {
      const answer = await run().request('POST', '/webhooks/monoova', {
        signed: false,
        headers: { authorization: token, 'verification-signature': 'AAAA' },
        body: forged,
      });
      expect(answer.status).toBe(401);
    }
  }

  /** What fails after its proof goes to the queue, from allow-listed fields alone. */
  async function loseWebhook(): Promise<void> {
    const { dynamodb } = run().services;
    const created = await createPayout(run());
    expect(created.status).toBe(202);
    const handle = vi.spyOn(dynamodb, 'handle').mockImplementation(async (request) => {
      if (request.action !== 'UpdateItem') return dynamodb.call(request.action, request.input);
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    });
    await run().advance(1_500);
    await run().until(() => (recorded('queue') === '' ? undefined : true));
    handle.mockRestore();
  }
});

const HOW: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in base64': (secret) => base64(secret),
  'in base64, one byte later': (secret) => base64(`x${secret}yy`),
  'in base64, two bytes later': (secret) => base64(`xx${secret}y`),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  'in a URL': encodeURIComponent,
  'in JSON escapes': (secret) =>
    [...secret].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
