import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWebhookQueue } from '../../../functions/adapters/webhook-queue.ts';
import { type WebhookLetter, webhookLetterSchema } from '../../../functions/shared/webhook-letter.ts';
import { ROOT } from '../../../local/aws/credentials.ts';
import { SqsService } from '../../../local/aws/sqs/service.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/json.ts';
import { aFact, TRANSACTION_ID } from '../../builders/payout.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

const clock = new ShiftableClock();
const sqs = new SqsService({ clock });
let served: Served;
let client: SQSClient;
let QueueUrl = '';

const LETTER: WebhookLetter = {
  transaction_id: TRANSACTION_ID,
  fact: aFact({ kind: 'completed' }),
  error: 'PayoutConflictError',
  received_at: '2026-11-23T00:00:00.000Z',
  request_id: 'r-1',
  attempts: 3,
};

beforeAll(async () => {
  served = await serve([sqs], clock);
  client = new SQSClient(served.settings);
  QueueUrl = `${served.settings.endpoint}/000000000000/letters`;
  const settings = { visibilityTimeoutS: 90, retentionS: 1_209_600, delayS: 0, receiveWaitS: 0 };
  sqs.createQueue({
    name: 'letters',
    arn: 'arn',
    url: QueueUrl,
    settings: { ...settings, messageBytesMax: 1_048_576 },
  });
});
afterAll(async () => {
  client.destroy();
  clock.stop();
  await served.close();
});

async function receive(): Promise<JsonObject | undefined> {
  const { Messages } = await sqs.handle({ action: 'ReceiveMessage', input: { QueueUrl }, principal: ROOT });
  return (Messages as JsonObject[] | undefined)?.[0];
}

it('a letter is one JSON message, which comes five seconds later, and again when it was postponed', async () => {
  const queue = createWebhookQueue(client, QueueUrl);
  await queue.put(LETTER);
  await clock.advance(2_000);
  expect(await receive()).toBeUndefined();
  await clock.advance(3_000);
  const message = await receive();
  const body = JSON.parse(String(message?.['Body']));
  expect(body).toEqual(LETTER);
  expect(webhookLetterSchema.parse(body)).toEqual(LETTER);

  await queue.postpone(String(message?.['ReceiptHandle']), 600);
  await clock.advance(500_000);
  expect(await receive()).toBeUndefined();
  await clock.advance(100_000);
  expect(await receive()).toMatchObject({ Body: JSON.stringify(LETTER) });
});
