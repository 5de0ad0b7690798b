import { secretsOf } from '../../../domain/destination.ts';
import type { ExecuteResult, LookupResult, Monoova, MonoovaBooks, NowMs, Told } from '../../shared/ports.ts';
import type { ApiKeySecret, ReadApiKey } from '../secrets.ts';
import { bookedStatusesOf, doneOf, sentWebhooksOf, statementOf } from './books.ts';
import { executeResultOf, lookupResultOf } from './errors.ts';
import type { HttpExchange, HttpOutcome, HttpRequest } from './http-exchange.ts';
import { executeBody, type Remitter } from './wire.ts';

/**
 * How long a refused key is not shown again by this environment, in milliseconds. Live accounts lock for an hour at the
 * fifth failure (Monoova OpenAPI v5.29); assumption: a quarter of that is slow enough for a person to be faster.
 */
const REFUSED_KEY_REST_MS = 900_000;

/** Assumption: a day of some ten thousand payments is listed within it. Nobody waits for these answers but reconciliation. */
const BOOKS_TIMEOUT_MS = 15_000;
/** About 50,000 lines of the status by date. A day that is larger is told as a failure, and never cut short. */
const BOOKS_BYTES_MAX = 16 * 1024 * 1024;

export type MonoovaDeps = {
  readonly readApiKey: ReadApiKey;
  readonly exchange: HttpExchange;
  readonly nowMs: NowMs;
  readonly remitter: Remitter;
  readonly postTimeoutMs: number;
  readonly lookupTimeoutMs: number;
  /** Default: 15 seconds. */
  readonly booksTimeoutMs?: number;
};

type RefusedKey = { readonly apiKey: string; readonly code: string; readonly untilMs: number };
type Result = ExecuteResult | LookupResult | Told<object>;
type CredentialsRefused = { readonly kind: 'credentials-refused'; readonly code: string };

/** Monoova's Payments API: each call is one request over one connection, and is never repeated here. */
export function createMonoova(deps: MonoovaDeps): Monoova & MonoovaBooks {
  const door = createDoor(deps);
  const lookedUp = <Answer extends Result>(path: string, read: (outcome: HttpOutcome) => Answer) =>
    door(async (secret) => read(await deps.exchange(question(secret, path, deps.lookupTimeoutMs))));
  const listed = <Answer extends Result>(path: string, read: (outcome: HttpOutcome) => Answer) =>
    door(async (secret) => {
      const timeoutMs = deps.booksTimeoutMs ?? BOOKS_TIMEOUT_MS;
      return read(await deps.exchange({ ...question(secret, path, timeoutMs), bodyBytesMax: BOOKS_BYTES_MAX }));
    });
  return {
    prepare: async () => {
      await deps.readApiKey();
    },
    execute: (instruction, notAfterMs) =>
      door<ExecuteResult>(async (secret) => {
        // Asked last, next to the call: whoever looks at the deadline believes that nothing is begun after it.
        if (deps.nowMs() >= notAfterMs) return { kind: 'unsent', detail: 'past the deadline' };
        const outcome = await deps.exchange({
          method: 'POST',
          url: `${secret.baseUrl}/financial/v2/transaction/execute`,
          headers: { ...headersOf(secret), 'Content-Type': 'application/json' },
          body: executeBody(instruction, deps.remitter),
          timeoutMs: deps.postTimeoutMs,
        });
        return executeResultOf(outcome, instruction.uniqueReference, [
          ...secretsOf(instruction.destination),
          secret.apiKey,
        ]);
      }),
    lookUp: (uniqueReference) =>
      lookedUp(`/financial/v2/status/${encodeURIComponent(uniqueReference)}`, (outcome) =>
        lookupResultOf(outcome, uniqueReference),
      ),
    statuses: (fromDay, toDay) => listed(`/financial/v2/status/${fromDay}/${toDay}`, bookedStatusesOf),
    statement: (day) => listed(`/reports/v1/statement/${day}`, statementOf),
    webhooks: (day, { skip, take }) =>
      listed(`/subscriptions/v1/report/${day}?skip=${skip}&take=${take}`, sentWebhooksOf),
    resendWebhook: (webhookId) =>
      door(async (secret) => {
        const request = question(secret, `/subscriptions/v2/resend/${webhookId}`, deps.lookupTimeoutMs);
        return doneOf(await deps.exchange({ ...request, method: 'POST' }));
      }),
  };
}

function question(secret: ApiKeySecret, path: string, timeoutMs: number): HttpRequest {
  return { method: 'GET', url: secret.baseUrl + path, headers: headersOf(secret), timeoutMs };
}

/**
 * A key that was refused is not shown again until it was exchanged or has rested: each showing counts towards the lock-out of the
 * whole account. The answer in the meantime is the refusal, without a call.
 */
function createDoor({ readApiKey, nowMs }: MonoovaDeps) {
  let refused: RefusedKey | undefined;
  return async function call<Answer extends Result>(
    run: (secret: ApiKeySecret) => Promise<Answer>,
  ): Promise<Answer | CredentialsRefused> {
    const isResting = refused !== undefined && nowMs() < refused.untilMs;
    const secret = await readApiKey({ isFresh: isResting });
    if (isResting && refused?.apiKey === secret.apiKey) return { kind: 'credentials-refused', code: refused.code };
    const result = await run(secret);
    const code = refusalOf(result);
    if (code !== undefined) refused = { apiKey: secret.apiKey, code, untilMs: nowMs() + REFUSED_KEY_REST_MS };
    return result;
  };
}

/** Why the key should rest; undefined where nothing is said against it. */
function refusalOf(result: Result): string | undefined {
  if (result.kind === 'credentials-refused') return result.code;
  return result.kind === 'unanswered' && result.isKeyDoubted ? result.detail : undefined;
}

/** The key is the user name and the password is empty (Monoova OpenAPI v5.29, "Authentication"). */
function headersOf({ apiKey }: ApiKeySecret): Record<string, string> {
  const credentials = Buffer.from(`${apiKey}:`, 'utf8').toString('base64');
  return { Authorization: `Basic ${credentials}`, Accept: 'application/json' };
}
