import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WebhookQueue } from '../shared/ports.ts';

/** Most failures are over within seconds; more often than this nobody needs to look. */
const FIRST_DELAY_SECONDS = 5;

/** Letters in the queue `webhook-retry`. */
export function createWebhookQueue(client: SQSClient, queueUrl: string): WebhookQueue {
  return {
    async put(letter) {
      const MessageBody = JSON.stringify(letter);
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: FIRST_DELAY_SECONDS }));
    },
    async postpone(receiptHandle, seconds) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}
