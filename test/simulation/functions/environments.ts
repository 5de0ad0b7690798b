import type * as z from 'zod';
import { readEnvironment } from '../../../functions/shared/environment.ts';

type Environment = Readonly<Record<string, string>>;

const known = new WeakMap<Environment, Map<z.ZodType, unknown>>();

/** What a function reads of its variables at a cold start, read once for each set of them: worlds share the template's. */
export function environmentOf<Schema extends z.ZodType>(schema: Schema, variables: Environment): z.output<Schema> {
  const read = known.get(variables) ?? new Map<z.ZodType, unknown>();
  if (read.size === 0) known.set(variables, read);
  if (!read.has(schema)) read.set(schema, readEnvironment(schema, variables));
  return read.get(schema) as z.output<Schema>;
}
