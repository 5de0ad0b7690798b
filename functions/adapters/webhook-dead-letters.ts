import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Fact } from '../../domain/fact.ts';

/** A proven webhook that could not be applied: the fact, which is all that is needed to apply it later, and how it failed. */
export type WebhookDeadLetter = {
  readonly transaction_id: string;
  readonly fact: Fact;
  /** The name of the error. Its text stays here. */
  readonly error: string;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  readonly request_id: string;
  readonly attempts: number;
};

export interface WebhookDeadLetters {
  /** Safe to repeat: a fact that is applied twice changes nothing. */
  put(letter: WebhookDeadLetter): Promise<void>;
}

export function createWebhookDeadLetters(client: SQSClient, queueUrl: string): WebhookDeadLetters {
  return {
    async put(letter) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
    },
  };
}
