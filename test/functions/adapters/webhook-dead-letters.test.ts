import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { createWebhookDeadLetters } from '../../../functions/adapters/webhook-dead-letters.ts';
import type { WireService } from '../../../local/aws/wire.ts';
import { aFact, TRANSACTION_ID } from '../../builders/payout.ts';
import { serve } from '../../local/aws/serve.ts';

it('a dead letter is one JSON message on the queue', async () => {
  const sent: unknown[] = [];
  const sqs: WireService = {
    signingNames: ['sqs'],
    async handle({ action, input }) {
      sent.push(action, input['QueueUrl'], JSON.parse(String(input['MessageBody'])));
      return { MessageId: '00000000-0000-4000-8000-000000000000' };
    },
  };
  const served = await serve([sqs]);
  const client = new SQSClient({ ...served.settings, md5: false });
  const queueUrl = `${served.settings.endpoint}/000000000000/webhooks`;
  const letter = {
    transaction_id: TRANSACTION_ID,
    fact: aFact({ kind: 'completed' }),
    error: 'PayoutConflictError',
    received_at: '2026-11-23T00:00:00.000Z',
    request_id: 'r-1',
    attempts: 3,
  };
  await createWebhookDeadLetters(client, queueUrl).put(letter);
  client.destroy();
  await served.close();
  expect(sent).toEqual(['SendMessage', queueUrl, letter]);
});
