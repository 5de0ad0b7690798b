import * as z from 'zod';
import { centsFromJson } from '../../../domain/money.ts';
import type { BookedStatus, Listed, SentWebhook, StatementLine, Told } from '../../shared/ports.ts';
import { kindOfTransactionStatus, untoldBy } from './errors.ts';
import type { HttpOutcome } from './http-exchange.ts';

/**
 * Monoova's lists of a day as we read them (OpenAPI v5.29). Nothing in them is marked as required, so that each line is read by
 * itself: one without what makes it useful is counted as unreadable, and the others are still worth reading.
 */

/** "maxLength: 200" of `uniqueReference`. */
const REFERENCE_MAX_CHARACTERS = 200;
/** Monoova's words for a status have no spaces; anything else in their place is not repeated. */
const STATUS_WORD = /^[A-Za-z]{1,40}$/;
const SYDNEY_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

const reference = z.string().min(1).max(REFERENCE_MAX_CHARACTERS);
const number = z.int().min(1);

const statusLine = z.object({ uniqueReference: reference, transactionStatus: z.string().regex(STATUS_WORD) });
const statementLine = z
  .object({
    /** Their spelling; the right one is taken as well, should they mend it. */
    uniqueReferenced: reference.optional(),
    uniqueReference: reference.optional(),
    transactionId: number.optional().catch(undefined),
    totalAmount: z.unknown(),
    dateTime: z.string().regex(SYDNEY_TIME).optional().catch(undefined),
  })
  .refine(({ uniqueReferenced, uniqueReference }) => (uniqueReferenced ?? uniqueReference) !== undefined);
const webhookLine = z.object({
  webhookId: number,
  eventName: z.string().max(50),
  status: z.enum(['Error', 'Sent']),
  retryCount: z.int().min(0).nullish().catch(undefined),
});

export function bookedStatusesOf(outcome: HttpOutcome): Told<Listed<BookedStatus>> {
  return listOf(outcome, 'statuses', statusLine, ({ uniqueReference, transactionStatus }) => ({
    uniqueReference,
    said: kindOfTransactionStatus(transactionStatus),
    detail: transactionStatus,
  }));
}

export function statementOf(outcome: HttpOutcome): Told<Listed<StatementLine>> {
  return listOf(outcome, 'transactions', statementLine, (line) => {
    const amountCents = centsFromJson(line.totalAmount);
    return {
      uniqueReference: line.uniqueReferenced ?? line.uniqueReference ?? '',
      ...(line.transactionId !== undefined && { monoovaTransactionId: line.transactionId }),
      ...(amountCents !== undefined && { amountCents }),
      ...(line.dateTime !== undefined && { executedAt: line.dateTime.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length) }),
    };
  });
}

export function sentWebhooksOf(outcome: HttpOutcome): Told<Listed<SentWebhook>> {
  return listOf(outcome, 'notifications', webhookLine, ({ webhookId, eventName, status, retryCount }) => ({
    webhookId,
    eventName,
    isReceived: status === 'Sent',
    retryCount: retryCount ?? 0,
  }));
}

/** Of a question whose answer is that it was done. */
export function doneOf(outcome: HttpOutcome): Told<object> {
  return untoldBy(outcome) ?? { kind: 'told' };
}

/** Told, with what could not be read counted; a body without that list is no answer. */
export function listOf<Schema extends z.ZodType, Line>(
  outcome: HttpOutcome,
  member: string,
  schema: Schema,
  toLine: (line: z.output<Schema>) => Line,
): Told<Listed<Line>> {
  const untold = untoldBy(outcome);
  if (untold) return untold;
  const list = outcome.kind === 'answer' ? memberOf(outcome.body, member) : undefined;
  // An empty day may well be null; a body without the list is not an answer to this question.
  if (list === null) return { kind: 'told', lines: [], unreadable: 0 };
  if (!Array.isArray(list)) return { kind: 'unknown', detail: `an answer without ${member}` };
  const parsed = list.map((line) => schema.safeParse(line));
  const lines = parsed.flatMap((line) => (line.success ? [toLine(line.data)] : []));
  return { kind: 'told', lines, unreadable: parsed.length - lines.length };
}

/** Undefined for a body that is no JSON object or has no such member. */
function memberOf(body: string, member: string): unknown {
  const json: unknown = JSON.parse(body);
  return typeof json === 'object' && json !== null && Object.hasOwn(json, member)
    ? (json as Readonly<Record<string, unknown>>)[member]
    : undefined;
}
