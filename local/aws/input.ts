import * as z from 'zod';
import type { JsonObject } from '../json.ts';
import { AwsError } from './wire.ts';

/**
 * Reads a request's input. Schemas are strict: a member that the local service does not know is refused by name, since an
 * option that is silently ignored here would only show its effect on AWS.
 *
 * @throws {AwsError} ValidationException, naming the member
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: JsonObject): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 5).map(describe);
  throw new AwsError('ValidationException', problems.join('; '));
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not run here`;
  return `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`;
}

/** A blob as the JSON protocol carries it, 1 byte to `bytesMax` once decoded. */
export function base64(bytesMax: number): z.ZodType<Buffer, string> {
  return z
    .base64()
    .min(1)
    .max(Math.ceil(bytesMax / 3) * 4)
    .transform((text) => Buffer.from(text, 'base64'));
}
