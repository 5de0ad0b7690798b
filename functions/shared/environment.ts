import * as z from 'zod';
import { ConfigurationError } from '../../domain/errors.ts';
import { RESUBMISSION_MODES } from '../../domain/submission-rule.ts';

/**
 * Pieces of the functions' environments. Each function composes its own schema from them (`environment.ts` beside it); infra imports
 * those schemas' keys, so that a variable is named once.
 */
export const tableName = z.string().min(3);
const wholeNumber = z.string().regex(/^\d+$/).transform(Number);

/** Texts by their names, as JSON. */
export const textsByName = z
  .string()
  .transform((json, context) => {
    try {
      return JSON.parse(json);
    } catch {
      context.addIssue({ code: 'custom', message: 'is no JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string()));
/** 16 digits, or empty for the sign-in's own account (Monoova's default). */
export const mAccountToken = z.string().regex(/^(\d{16})?$/);

export const stageVariables = { STAGE: z.string().min(1) };
export const transactionsVariables = { TRANSACTIONS_TABLE_NAME: tableName };

/** How a function may speak to Monoova. Hosts are `host` or `host:port`, comma separated; `loopback` stands for any port of this machine. */
export const monoovaVariables = {
  MONOOVA_SECRET_ARN: z.string().min(1),
  MONOOVA_ENVIRONMENT: z.enum(['sandbox', 'production']),
  MONOOVA_HOSTS: z
    .string()
    .min(1)
    .transform((hosts) => hosts.split(',')),
  MONOOVA_POST_TIMEOUT_MS: wholeNumber,
  MONOOVA_LOOKUP_TIMEOUT_MS: wholeNumber,
};

/** The control item, and when the breaker in it opens. */
export const controlsVariables = {
  CONTROLS_TABLE_NAME: tableName,
  BREAKER_FAILURES_TO_OPEN: wholeNumber,
  BREAKER_COOLDOWN_MS: wholeNumber,
  BREAKER_COOLDOWN_MAX_MS: wholeNumber,
};

export const resubmissionVariables = {
  RESUBMISSION_MODE: z.enum(RESUBMISSION_MODES),
  QUIET_PERIOD_MS: wholeNumber,
};

export { wholeNumber };

/**
 * Reads a function's environment once, at cold start, so that a missing variable fails the deployment's first call and not a payout.
 * @throws {ConfigurationError} that names the variables.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new ConfigurationError(`Environment variables are missing or wrong: ${names.join(', ')}.`);
}
