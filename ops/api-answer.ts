import * as z from 'zod';
import type { ApiAnswer } from './api-client.ts';
import { CommandError } from './errors.ts';

const problemSchema = z.object({
  title: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
  transaction_id: z.string().optional(),
});

/**
 * The body of an answer, if it has the status that was hoped for.
 * @throws {CommandError} with the API's own problem in words, or where the body is not what the API promises.
 */
export function bodyOf<Schema extends z.ZodType>(answer: ApiAnswer, status: number, schema: Schema): z.output<Schema> {
  const value = parsedJson(answer.text);
  if (answer.status !== status) throw new CommandError(problemSentence(answer.status, value));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'body').join(', ');
  throw new CommandError(`the API answered ${status}, but not as it promises (${fields}): ask again with --json`);
}

function problemSentence(status: number, value: unknown): string {
  const parsed = problemSchema.safeParse(value);
  if (!parsed.success) return `the API answered ${status} without saying why: look at its log`;
  const { title, detail, errors, transaction_id } = parsed.data;
  const fields = errors.map(({ field, message }) => ` ${field}: ${message}.`).join('');
  const id = transaction_id === undefined ? '' : ` (${transaction_id})`;
  return `${status} ${title}${id}. ${detail}${fields}`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
