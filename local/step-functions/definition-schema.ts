import * as z from 'zod';

/** Seconds that `TimeoutSeconds`, `HeartbeatSeconds` and `Seconds` may hold at most. */
const SECONDS_MAX = 99_999_999;
/** 366 days: the most that `MaxDelaySeconds` may hold. */
const DELAY_SECONDS_MAX = 31_622_400;

const VARIABLE_NAME_LENGTH_MAX = 80;

const target = z.string().min(1);
const json = z.unknown();
/** `$states` is the interpreter's own. */
const assign = z
  .record(z.string().min(1).max(VARIABLE_NAME_LENGTH_MAX), z.unknown())
  .refine((fields) => !('states' in fields), {
    error: "The variable 'states' is reserved",
  });
const seconds = (min: number) => z.union([z.int().min(min).max(SECONDS_MAX), z.string()]);
const queryLanguage = z.enum(['JSONPath', 'JSONata']).optional();
const common = { Type: z.string(), Comment: z.string().optional(), QueryLanguage: queryLanguage };
const transition = { Next: target.optional(), End: z.boolean().optional() };
const shaping = { Output: json.optional(), Assign: assign.optional() };

const errorEquals = z.array(z.string()).min(1);
const retrier = z.strictObject({
  ErrorEquals: errorEquals,
  Comment: z.string().optional(),
  IntervalSeconds: z.int().min(1).max(SECONDS_MAX).default(1),
  MaxAttempts: z.int().min(0).max(SECONDS_MAX).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(DELAY_SECONDS_MAX).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const catcher = z.strictObject({
  ErrorEquals: errorEquals,
  Comment: z.string().optional(),
  Next: target,
  ...shaping,
});

/**
 * The fields of each state type in JSONata
 * (https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-common-fields.html). Strict: a field
 * that is not here is refused by name.
 */
export const stateSchemas = {
  Pass: z.strictObject({ ...common, ...transition, ...shaping }),
  Succeed: z.strictObject({ ...common, Output: json.optional() }),
  Fail: z.strictObject({ ...common, Error: z.string().optional(), Cause: z.string().optional() }),
  Wait: z.strictObject({
    ...common,
    ...transition,
    ...shaping,
    Seconds: seconds(0).optional(),
    Timestamp: z.string().optional(),
  }),
  Choice: z.strictObject({
    ...common,
    ...shaping,
    Choices: z
      .array(
        z.strictObject({
          Condition: z.union([z.boolean(), z.string()]),
          Next: target,
          Comment: z.string().optional(),
          ...shaping,
        }),
      )
      .min(1),
    Default: target.optional(),
  }),
  Task: z.strictObject({
    ...common,
    ...transition,
    ...shaping,
    Resource: z.string(),
    Arguments: json.optional(),
    TimeoutSeconds: seconds(1).optional(),
    HeartbeatSeconds: seconds(1).optional(),
    Retry: z.array(retrier).optional(),
    Catch: z.array(catcher).optional(),
  }),
};

const sharedCatcher = catcher.omit({ Output: true, Assign: true });
/**
 * The fields that mean the same in JSONPath, where a state that takes its whole input, gives its whole result and names
 * no path does what it does in JSONata. Whatever else a JSONPath state has is refused by name.
 */
export const sharedSchemas = {
  Pass: z.strictObject({ ...common, ...transition }),
  Succeed: z.strictObject(common),
  Fail: stateSchemas.Fail,
  Wait: stateSchemas.Wait.omit({ Output: true, Assign: true }),
  Task: stateSchemas.Task.omit({ Output: true, Assign: true, Arguments: true }).extend({
    Catch: z.array(sharedCatcher).optional(),
  }),
};

/** The fields of the whole machine. The states are checked one by one afterwards. */
export const machineSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: queryLanguage,
  StartAt: target,
  States: z.record(z.string().min(1).max(80), z.record(z.string(), z.unknown())),
  TimeoutSeconds: z.int().min(1).max(SECONDS_MAX).optional(),
});

/** What AWS knows as a state's type, and this engine does not run. */
export const TYPES_NOT_RUN: readonly string[] = ['Map', 'Parallel'];
