import * as z from 'zod';
import { NOT_FOUNDS_NEEDED, RESUBMISSION_MODES } from '../domain/submission-rule.ts';

/** API Gateway's own limit for an integration of a REST API, without a raised quota (AWS: API_PutIntegration, timeoutInMillis). */
const GATEWAY_MAX_MS = 29_000;
/** What SubmitPayment needs beside its calls to Monoova: a cold start, the secret, the key, two writes. Assumption, measured at about one second warm. */
const SUBMIT_OVERHEAD_MS = 3_000;
/** What a submission needs beside SubmitPayment: three functions and four tables' calls, most of them warm. Assumption. */
const EXPRESS_OVERHEAD_MS = 5_000;
/** The gateway must outlive the machine, so that the client hears our answer and not the gateway's. */
const GATEWAY_MARGIN_MS = 2_000;
const HOUR_SECONDS = 3_600;
/** What one payout reads or writes at most in one table over its whole life: about six writes of up to three units. Counted in the code. */
const TABLE_UNITS_PER_REQUEST = 20;
/** "About two days": long enough for a bank's weekend queue of one day and Monoova's daily report, short enough that a person still hears of it. */
const PATIENCE_SECONDS = { min: 36 * HOUR_SECONDS, max: 72 * HOUR_SECONDS };

/** Step Functions ends an execution whose history grows longer (docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
const HISTORY_EVENTS_MAX = 25_000;
/** Of one round in which a payout is held back, where nothing is retried: test/e2e/controls.test.ts counts them. */
export const HELD_ROUND_EVENTS = 18;
/** Half is left for retries, and for the rounds that count. */
const HELD_EVENTS_MAX = HISTORY_EVENTS_MAX / 2;

const wholeMs = z.int().positive();

const timersSchema = z
  .strictObject({
    /** One POST to Monoova. */
    postMs: wholeMs,
    /** One look-up of a reference. */
    lookUpMs: wholeMs,
    /** SubmitPayment, as a function and as a task. */
    submitPaymentMs: wholeMs,
    /** The whole submission machine. */
    expressMs: wholeMs,
    /** How long API Gateway waits for the submission machine. */
    gatewayMs: wholeMs,
    /** How long the guard waits for its doorbell before each look-up; their number bounds its loop. */
    settlementWaitsSeconds: z.array(z.int().positive()).min(1),
    /** How long the guard waits where the payout is held back: each wait longer than the last by the first, up to the longest. */
    holds: z.strictObject({
      firstSeconds: z.int().positive(),
      longestSeconds: z.int().positive(),
      /** After so many, waits count whatever holds the payout back. */
      max: z.int().positive(),
    }),
  })
  .superRefine((timers, context) => {
    for (const message of brokenTimerRules(timers)) context.addIssue({ code: 'custom', message });
  });

type Timers = {
  readonly postMs: number;
  readonly lookUpMs: number;
  readonly submitPaymentMs: number;
  readonly expressMs: number;
  readonly gatewayMs: number;
  readonly settlementWaitsSeconds: readonly number[];
  readonly holds: Holds;
};

type Holds = { readonly firstSeconds: number; readonly longestSeconds: number; readonly max: number };

/** How long the guard waits in all where a payout is held back for as long as it can be, in seconds. */
export function holdsSeconds({ firstSeconds, longestSeconds, max }: Holds): number {
  const growing = Math.min(Math.floor(longestSeconds / firstSeconds), max);
  return (firstSeconds * growing * (growing + 1)) / 2 + (max - growing) * longestSeconds;
}

/**
 * One submission against the clock; each bar must end inside the one below it, and the guard's first look-up comes after all of them.
 *
 *     look-up, POST, look-up          |--2.5--|----5----|--2.5--|
 *     SubmitPayment                   |------------15------------------|
 *     payout-submission      |----------------25-----------------------|
 *     API Gateway            |----------------29---------------------------|
 *     a SubmitPayment begun as the machine ends          |------------15------------|
 *     AwaitOutcome, first    |--------------------------60----------------------------------|
 */
function brokenTimerRules(timers: Timers): string[] {
  const { postMs, lookUpMs, submitPaymentMs, expressMs, gatewayMs, settlementWaitsSeconds: waits, holds } = timers;
  const firstWaitMs = (waits[0] ?? 0) * 1000;
  const patienceSeconds = waits.reduce((sum, wait) => sum + wait, 0);
  const rules: readonly (readonly [isKept: boolean, words: string])[] = [
    [
      2 * lookUpMs + postMs + SUBMIT_OVERHEAD_MS <= submitPaymentMs,
      'submitPaymentMs must hold a look-up, a POST, another look-up and 3 s of overhead',
    ],
    [submitPaymentMs + EXPRESS_OVERHEAD_MS <= expressMs, 'expressMs must hold submitPaymentMs and 5 s of overhead'],
    [expressMs + GATEWAY_MARGIN_MS <= gatewayMs, 'gatewayMs must outlive expressMs by 2 s'],
    [gatewayMs <= GATEWAY_MAX_MS, 'gatewayMs must be at most 29 s, which is as long as API Gateway waits'],
    [
      firstWaitMs > expressMs + submitPaymentMs,
      'the first settlement wait must be longer than expressMs and submitPaymentMs together: a submission may leave a SubmitPayment running when it ends',
    ],
    [
      waits.every((wait, index) => index === 0 || wait > (waits[index - 1] ?? 0)),
      'each settlement wait must be longer than the one before it',
    ],
    [
      patienceSeconds >= PATIENCE_SECONDS.min && patienceSeconds <= PATIENCE_SECONDS.max,
      'the settlement waits must come to about two days in all (36 to 72 hours)',
    ],
    [holds.longestSeconds >= holds.firstSeconds, 'the longest hold must not be shorter than the first'],
    [
      holdsSeconds(holds) >= PATIENCE_SECONDS.min && holdsSeconds(holds) <= PATIENCE_SECONDS.max,
      'the holds must come to about two days in all (36 to 72 hours)',
    ],
    [
      holds.max * HELD_ROUND_EVENTS <= HELD_EVENTS_MAX,
      'the holds must fit twice into the history of one execution (25,000 events)',
    ],
  ];
  return rules.filter(([isKept]) => !isKept).map(([, words]) => words);
}

/** When the breaker opens, and for how long. */
const breakerSchema = z
  .strictObject({
    /** POSTs that Monoova's line loses in a row. */
    failuresToOpen: z.int().min(2),
    /** The first time; twice as long each time that the probe fails, up to the longest. */
    cooldownSeconds: z.int().min(1),
    cooldownMaxSeconds: z.int().min(1).max(3_600),
  })
  .refine(({ cooldownSeconds, cooldownMaxSeconds }) => cooldownSeconds <= cooldownMaxSeconds, {
    message: 'breaker.cooldownMaxSeconds must not be shorter than breaker.cooldownSeconds',
  });

/** What may be paid on one day in Sydney, counted when it is asked for. */
const dailyLimitsSchema = z
  .strictObject({
    /** By the whole stage, in cents. */
    stageCents: z.int().positive(),
    /** To one customer, in cents. */
    customerCents: z.int().positive(),
  })
  .refine(({ stageCents, customerCents }) => customerCents <= stageCents, {
    message: 'dailyLimits.customerCents must not exceed dailyLimits.stageCents',
  });

const monoovaSchema = z
  .strictObject({
    environment: z.enum(['sandbox', 'production']),
    /** Where its signing key is published, and where calls go unless the secret names another of the hosts. */
    baseUrl: z.url(),
    /** The only hosts that a secret may name: `host`, `host:port`, or `loopback` for any port of this machine. */
    hosts: z.array(z.string().regex(/^[a-z0-9.:-]+$/)).min(1),
    remitterName: z.string().min(1).max(140),
    /** The mAccount that pays: 16 digits, or empty for the sign-in's own. */
    mAccountToken: z.string().regex(/^(\d{16})?$/),
    /** Below it, in cents, somebody has to top the mAccount up. Watched where mAccountToken says which one pays. */
    balanceMinCents: z.int().positive(),
  })
  .refine(({ baseUrl, hosts }) => hosts.includes(new URL(baseUrl).host), {
    message: 'monoova.hosts must include the host of monoova.baseUrl',
  })
  .refine(({ environment, hosts }) => environment === 'sandbox' || !hosts.includes('loopback'), {
    message: 'a production stage must not send payments to loopback',
  });

const stageSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9]{1,15}$/, 'a stage name has 2 to 16 lower-case letters or digits'),
    region: z.string().regex(/^[a-z]{2}-[a-z]+-\d$/),
    amountMaxCents: z.int().min(1).max(100_000_000),
    /** How long the same request without an Idempotency-Key is the same payout. */
    keylessWindowSeconds: z.int().min(60),
    monoova: monoovaSchema,
    resubmission: z.enum(RESUBMISSION_MODES),
    quietPeriodMs: z.int().min(1_000),
    webhookProof: z.enum(['bearer', 'signature-and-bearer']),
    timers: timersSchema,
    /** The one origin whose pages may call the API from a browser; null allows none. */
    corsOrigin: z.url().nullable(),
    /**
     * The firewall before the API; null for none. `requestsPerAddress` in five minutes from one address, `bodyBytesMax` in one body: what is over
     * either is refused.
     */
    webAcl: z
      .strictObject({ requestsPerAddress: z.int().min(100), bodyBytesMax: z.int().min(2_048).max(16_384) })
      .nullable(),
    breaker: breakerSchema,
    dailyLimits: dailyLimitsSchema,
    throttling: z.strictObject({ requestsPerSecond: z.int().positive(), burst: z.int().positive() }),
    /** How a deployment turns the aliases of functions: at once, or a tenth of the requests for five minutes first. */
    deployments: z.enum(['all-at-once', 'canary']),
    logRetentionDays: z.union([z.literal(30), z.literal(90), z.literal(365), z.literal(731)]),
    /** `retain` keeps tables, keys and secrets when the stack goes, and protects them from deletion. */
    removal: z.enum(['destroy', 'retain']),
    /** Above so many read or write units a second a table throttles, instead of costing more. */
    tableUnitsPerSecond: z.int().positive(),
    /** For how long monthly copies of payouts and customers are kept; 0 for none beyond the 35 days of points in time. */
    backupYears: z.int().min(0).max(10),
  })
  .refine((stage) => stage.tableUnitsPerSecond >= TABLE_UNITS_PER_REQUEST * stage.throttling.requestsPerSecond, {
    message: `tableUnitsPerSecond must hold ${TABLE_UNITS_PER_REQUEST} for each request a second: the API throttles first`,
  })
  .refine((stage) => stage.amountMaxCents <= stage.dailyLimits.customerCents, {
    // The first payout of a day meets no counter: only this keeps it within the limit.
    message: 'dailyLimits.customerCents must allow one payout of amountMaxCents',
  })
  .refine((stage) => stage.resubmission === 'never' || canBeQuiet(stage.timers, stage.quietPeriodMs), {
    message: `quietPeriodMs must leave time for ${NOT_FOUNDS_NEEDED} look-ups after it`,
  })
  .refine((stage) => stage.quietPeriodMs > stage.timers.submitPaymentMs + stage.timers.postMs, {
    message:
      'quietPeriodMs must be longer than submitPaymentMs and postMs together: until then the fence of the last POST stands',
  })
  .refine((stage) => stage.monoova.environment === 'sandbox' || stage.webAcl !== null, {
    message: 'a production stage must have a web ACL',
  })
  .refine((stage) => stage.monoova.environment === 'sandbox' || stage.deployments === 'canary', {
    message: 'a production stage must deploy by canary',
  })
  .refine((stage) => stage.monoova.environment === 'sandbox' || stage.webhookProof === 'signature-and-bearer', {
    message: 'a production stage must prove webhooks by signature and bearer',
  })
  .refine(
    (stage) => stage.monoova.environment === 'sandbox' || (stage.removal === 'retain' && stage.backupYears >= 7),
    {
      // Corporations Act 2001, section 286: financial records are kept for seven years.
      message: 'a production stage must retain its data, and seven years of copies',
    },
  );

/** The settings of one deployment. No secrets: those live in Secrets Manager under `monoova/{stage}/`. */
export type Stage = z.output<typeof stageSchema>;

/** After the quiet period there must be enough waits left for the look-ups that have to agree. */
function canBeQuiet(timers: Timers, quietPeriodMs: number): boolean {
  const waits = timers.settlementWaitsSeconds;
  const waitedMs = waits.map((_wait, index) => 1000 * waits.slice(0, index + 1).reduce((sum, wait) => sum + wait, 0));
  return waitedMs.filter((endMs) => endMs > quietPeriodMs).length >= NOT_FOUNDS_NEEDED;
}

/** @throws {z.ZodError} whose messages say which setting breaks which rule. */
export function defineStage(stage: z.input<typeof stageSchema>): Stage {
  return stageSchema.parse(stage);
}

const TIMERS = {
  postMs: 5_000,
  lookUpMs: 2_500,
  submitPaymentMs: 15_000,
  expressMs: 25_000,
  gatewayMs: 29_000,
  settlementWaitsSeconds: [60, 120, 300, 900, 3_600, 14_400, 28_800, 43_200, 86_400],
  // 60, 120, 180, 240 and then 300 seconds: two days in all.
  holds: { firstSeconds: 60, longestSeconds: 300, max: 578 },
};

/** Sydney: payees' data stays in Australia. */
export const REGION = 'ap-southeast-2';

const COMMON = {
  region: REGION,
  amountMaxCents: 100_000,
  keylessWindowSeconds: 86_400,
  timers: TIMERS,
  // The plan's figures.
  throttling: { requestsPerSecond: 100, burst: 200 },
  tableUnitsPerSecond: 2_000,
  breaker: { failuresToOpen: 5, cooldownSeconds: 30, cooldownMaxSeconds: 300 },
};

export const STAGES = {
  dev: defineStage({
    ...COMMON,
    name: 'dev',
    monoova: {
      environment: 'sandbox',
      baseUrl: 'https://api.m-pay.com.au',
      hosts: ['api.m-pay.com.au', 'loopback'],
      remitterName: 'Payouts Sandbox',
      mAccountToken: '',
      balanceMinCents: 10_000,
    },
    resubmission: 'after-quiet-period',
    quietPeriodMs: 60_000,
    // Large: nothing moves in the sandbox, and benchmarks pay one customer thousands of times.
    dailyLimits: { stageCents: 1_000_000_000, customerCents: 100_000_000 },
    webhookProof: 'bearer',
    corsOrigin: 'http://localhost:5173',
    webAcl: null,
    deployments: 'all-at-once',
    logRetentionDays: 30,
    removal: 'destroy',
    backupYears: 0,
  }),
  prod: defineStage({
    ...COMMON,
    name: 'prod',
    monoova: {
      environment: 'production',
      baseUrl: 'https://api.mpay.com.au',
      hosts: ['api.mpay.com.au'],
      remitterName: 'Payouts',
      mAccountToken: '',
      // Assumption, to be set by whoever knows the business: a tenth of what the stage may pay on a day.
      balanceMinCents: 5_000_000,
    },
    // Until Monoova's sandbox has shown that it refuses a repeated reference, a person decides.
    resubmission: 'never',
    quietPeriodMs: 3_600_000,
    // Assumption, to be set by whoever knows the business: ten payouts of the highest amount to one customer, 500 in all.
    dailyLimits: { stageCents: 50_000_000, customerCents: 1_000_000 },
    webhookProof: 'signature-and-bearer',
    corsOrigin: null,
    // Half of what the API takes in all, so that one address cannot use up everybody's share.
    webAcl: { requestsPerAddress: 15_000, bodyBytesMax: 8_192 },
    deployments: 'canary',
    logRetentionDays: 365,
    removal: 'retain',
    backupYears: 7,
  }),
} as const satisfies Record<string, Stage>;
