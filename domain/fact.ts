import * as z from 'zod';

/**
 * What somebody has learnt about a payout. Facts are never taken back; `applyFact` (payout.ts) folds them into a status, and
 * any order of any duplicates of the same facts ends alike.
 *
 * | kind            | learnt from                                                                    | speaks for        |
 * |-----------------|--------------------------------------------------------------------------------|-------------------|
 * | accepted        | Monoova answered `Ok`, `Pending` or `UniqueReferenceExists`: it has the payout | Pending           |
 * | unanswered      | a POST left, and nothing readable came back: it may have been received         | Pending           |
 * | unreceived      | proof that this attempt reached nobody                                         | Pending           |
 * | not-found       | Monoova does not know the reference now; one such answer proves nothing        | Pending           |
 * | declined        | Monoova refused this attempt for good                                          | Failed, if proven |
 * | patience-ended  | the guard has no wait left                                                     | Failed, if proven |
 * | escalated       | a person was told                                                              | Pending           |
 * | rejected        | the payee's bank refused the money                                             | Rejected          |
 * | completed       | the payee has the money                                                        | Completed         |
 * | returned        | money came back after it had arrived: all of it, or a part                     | Returned, if all  |
 * | failed          | a person has evidence that no money moved; only a person says it               | Failed            |
 * | resend          | a person has evidence that no POST so far was received: it is sent once more   | Pending           |
 *
 * "If proven": every attempt that was ever made is known to have moved nothing (payout.ts). "If all": the returns add up to the
 * amount; a part of it proves that the money had arrived. A person may also say `completed` and `rejected`, which count as they do
 * from anybody else.
 */
export const FACT_KINDS = [
  'accepted',
  'unanswered',
  'unreceived',
  'not-found',
  'declined',
  'patience-ended',
  'escalated',
  'rejected',
  'completed',
  'returned',
  'failed',
  'resend',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Who saw it. */
export const FACT_SOURCES = ['submission', 'status', 'webhook', 'settlement', 'reconciliation', 'operator'] as const;

/** Free text in a fact is scrubbed and cut before it gets here (functions/adapters/monoova/scrub.ts). */
const TEXT_MAX_CHARACTERS = 140;
/** An ARN with the longest path and name that IAM allows is shorter (512 and 64 characters). */
const ARN_MAX_CHARACTERS = 700;

/** How often a person may have one payout sent again. */
export const RESENDS_MAX = 3;

export const factSchema = z.object({
  kind: z.enum(FACT_KINDS),
  source: z.enum(FACT_SOURCES),
  /** ISO 8601, UTC: when we learnt it. */
  observed_at: z.iso.datetime(),
  /** The reference that the teller named, where it named one. */
  unique_reference: z.string().max(200).optional(),
  /** AUD cents that the teller named, where it named an amount. */
  amount_cents: z.int().min(0).optional(),
  /** Monoova's own number of the transaction: 1 or more. */
  monoova_transaction_id: z.int().min(1).optional(),
  /** Monoova's own number of a return: two returns with one number are one. */
  return_transaction_id: z.int().min(1).optional(),
  /** The attempt (one POST behind one fence) that the fact is about. */
  attempt: z.string().max(100).optional(),
  /** A code of Monoova's, or scrubbed words. */
  detail: z.string().max(TEXT_MAX_CHARACTERS).optional(),
  /** How many resends people had allowed when it was learnt; of a `resend`, its own number. Absent: none. */
  round: z.int().min(1).max(RESENDS_MAX).optional(),
  /** The ARN of the person who says it. */
  by: z.string().max(ARN_MAX_CHARACTERS).optional(),
  /** What the person rests it on, scrubbed. */
  evidence: z.string().max(TEXT_MAX_CHARACTERS).optional(),
  /** Of `failed` and `resend`, and of a person's `rejected`: the last POST that the person knew of. Evidence says nothing of a POST that came after it. */
  last_posted_at: z.string().optional(),
});
export type Fact = z.output<typeof factSchema>;

/**
 * Two tellings of one fact are one fact: the time of telling does not count, save for `not-found`, where each look-up is a
 * fact of its own because several of them over a quiet period weigh more than one.
 */
export function identityOf(fact: Fact): string {
  const { kind, source, unique_reference, monoova_transaction_id, amount_cents, attempt, detail } = fact;
  const parts: unknown[] = [kind, source, unique_reference, monoova_transaction_id, amount_cents, attempt, detail];
  parts.push(fact.return_transaction_id, fact.round, fact.by, fact.evidence, fact.last_posted_at);
  if (kind === 'not-found') parts.push(fact.observed_at);
  return JSON.stringify(parts);
}
