import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../local/aws/credentials.ts';
import type { JsonObject } from '../../local/json.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout } from '../support/payouts.ts';
import { spellingsOf } from '../support/spellings.ts';

type Customer = { customer_id: string; payout_destinations: Record<string, string>[] };

const CUSTOMERS: Customer[] = JSON.parse(
  readFileSync(new URL('../../local/demo-customers.json', import.meta.url), 'utf8'),
);
const SECRET_FIELDS = ['payId', 'bsb', 'accountNumber', 'accountName'];
const SECRETS = new Set(
  CUSTOMERS.flatMap(({ payout_destinations }) =>
    payout_destinations.flatMap((destination) => SECRET_FIELDS.map((field) => destination[field] ?? '')),
  ).filter((text) => text !== ''),
);

/** What an operator or a disk could ever see of a run: tables, logs, histories, queues and topics. */
describe('what a run leaves behind', () => {
  const run = useLocalRun();

  it('holds no destination, key or token, however it is spelt', async () => {
    const shown: string[] = [];
    for (const { customer_id } of CUSTOMERS) {
      for (const payout_method of ['PayId', 'BankAccount']) {
        const created = await createPayout(run(), { customer_id, payout_method, description: 'wages' });
        shown.push(JSON.stringify(created.body));
        if (created.status === 202) shown.push(JSON.stringify(await getPayout(run(), created.id)));
      }
    }
    await run().advance(100_000);
    const everything = [...shown, ...(await tables()), ...(await logs()), ...histories(), ...(await queues())].join(
      '\n',
    );
    // The scan would find anything: what is there on purpose is found.
    expect(everything).toContain('cust-demo-payid');
    expect(everything.length).toBeGreaterThan(100_000);

    const [apiKey, webhookToken] = ['local-monoova-api-key', 'local-webhook-token'];
    for (const secret of [...SECRETS, apiKey, webhookToken]) {
      const found = spellingsOf(secret).filter((spelling) => everything.includes(spelling));
      expect(found, `a secret of ${secret.length} characters is shown`).toEqual([]);
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

  async function tables(): Promise<string[]> {
    const names = ['transactions', 'controls', 'idempotency'].map((name) => `payouts-dev-${name}`);
    const pages = names.map((TableName) => run().services.dynamodb.call('Scan', { TableName }));
    return (await Promise.all(pages)).map((page) => JSON.stringify(page));
  }

  async function logs(): Promise<string[]> {
    const ask = (action: string, input: JsonObject) => run().services.logs.handle({ action, input, principal: ROOT });
    const { logGroups } = await ask('DescribeLogGroups', {});
    const texts: string[] = [];
    for (const group of logGroups as { logGroupName: string }[]) {
      let nextToken: string | undefined;
      do {
        const page: JsonObject = await ask('FilterLogEvents', {
          logGroupName: group.logGroupName,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        texts.push(JSON.stringify(page));
        nextToken = page['nextToken'] as string | undefined;
      } while (nextToken !== undefined);
    }
    return texts;
  }

  function histories(): string[] {
    const arn = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:payouts-dev';
    return ['submission', 'settlement'].map((name) =>
      JSON.stringify(run().stepFunctions.listExecutions(`${arn}-${name}`)),
    );
  }

  async function queues(): Promise<string[]> {
    const { QueueUrls } = await run().services.sqs.handle({ action: 'ListQueues', input: {}, principal: ROOT });
    const received = ((QueueUrls ?? []) as string[]).map((QueueUrl) =>
      run().services.sqs.handle({
        action: 'ReceiveMessage',
        input: { QueueUrl, MaxNumberOfMessages: 10 },
        principal: ROOT,
      }),
    );
    return (await Promise.all(received)).map((messages) => JSON.stringify(messages));
  }
});
