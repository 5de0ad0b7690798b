import * as z from 'zod';
import type { ApiAnswer } from './api-client.ts';
import { CommandError } from './errors.ts';
import { scrub } from './masking.ts';

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
  if (answer.status !== status) throw new CommandError(problemSentence(answer, value));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'body').join(', ');
  throw new CommandError(`the API answered ${status}, but not as it promises (${fields}): ask again with --json`);
}

function problemSentence({ status, text }: ApiAnswer, value: unknown): string {
  const parsed = problemSchema.safeParse(value);
  if (!parsed.success) return `the API answered ${status}, and not with a problem document: ${excerptOf(text)}`;
  const { title, detail, errors, transaction_id } = parsed.data;
  const fields = errors.map(({ field, message }) => ` ${field}: ${message}.`).join('');
  const id = transaction_id === undefined ? '' : ` (${transaction_id})`;
  return `${status} ${title}${id}. ${detail}${fields}`;
}

const EXCERPT_CHARACTERS_MAX = 300;

/** Something between us and the API may have answered, such as a proxy; what it says is all there is. */
function excerptOf(text: string): string {
  const line = scrub(text).replace(/\s+/g, ' ').trim();
  if (line === '') return 'the answer is empty';
  return line.length > EXCERPT_CHARACTERS_MAX ? `${line.slice(0, EXCERPT_CHARACTERS_MAX - 1)}…` : line;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
