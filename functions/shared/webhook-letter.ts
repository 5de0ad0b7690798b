import * as z from 'zod';
import { factSchema } from '../../domain/fact.ts';

/** What is left of a webhook that nobody here can believe: for a person, and for no program. */
const remainsSchema = z.object({
  kind: z.enum(['unreadable', 'misnamed']),
  event: z.string().max(50),
  problems: z.array(z.string().max(200)).max(20),
  unique_reference: z.uuid().optional(),
  amount_cents: z.int().min(0).optional(),
  monoova_transaction_id: z.int().min(1).optional(),
  return_transaction_id: z.int().min(1).optional(),
  /** Monoova's number of the notification: with it Monoova sends it once more. No part of what is signed. */
  webhook_id: z.int().min(1).optional(),
  /** Of the body, in hexadecimal: tells two webhooks apart of which nothing could be read. */
  body_sha256: z.string().length(64),
});

/**
 * A proven webhook that is not done with, as it waits in the queue: what is needed to go on, from allow-listed fields, and how it
 * failed. Never the body.
 */
export const webhookLetterSchema = z.object({
  /** Where the reference has the form of a payout's. */
  transaction_id: z.string().max(100).optional(),
  fact: z.union([factSchema, remainsSchema]),
  /** The name of the error. Its text stays in the log. */
  error: z.string().max(100),
  /** ISO 8601, UTC. */
  received_at: z.iso.datetime(),
  request_id: z.string().max(300),
  /** Tries to apply the fact before it was put here. */
  attempts: z.int().min(0),
});
export type WebhookLetter = z.output<typeof webhookLetterSchema>;

/** A letter whose fact can be applied. */
export type FactLetter = WebhookLetter & {
  readonly transaction_id: string;
  readonly fact: z.output<typeof factSchema>;
};

export function isFactLetter(letter: WebhookLetter): letter is FactLetter {
  return letter.transaction_id !== undefined && 'source' in letter.fact;
}
