import { hash } from 'node:crypto';
import { secretsOf } from '../../../domain/destination.ts';
import type {
  Monoova,
  MonoovaBooks,
  MonoovaFunds,
  MonoovaLine,
  MonoovaSubscriptions,
  NowMs,
} from '../../shared/ports.ts';
import type { ApiKeySecret, ReadApiKey } from '../secrets.ts';
import { bookedStatusesOf, doneOf, sentWebhooksOf, statementOf } from './books.ts';
import { executeResultOf, lookupResultOf } from './errors.ts';
import { availableOf } from './funds.ts';
import type { HttpExchange, HttpOutcome, HttpRequest } from './http-exchange.ts';
import { subscribedOf, subscriptionBody, subscriptionsOf } from './subscriptions.ts';
import { executeBody, type Remitter } from './wire.ts';

const FINGERPRINT_DIGITS = 16;

/** Assumption: a day of some ten thousand payments is listed within it. Nobody waits for these answers but reconciliation. */
const BOOKS_TIMEOUT_MS = 8_000;
/** About 50,000 lines of the status by date. A day that is larger is told as a failure, and never cut short. */
const BOOKS_BYTES_MAX = 16 * 1024 * 1024;

export type MonoovaDeps = {
  readonly readApiKey: ReadApiKey;
  readonly exchange: HttpExchange;
  readonly nowMs: NowMs;
  readonly remitter: Remitter;
  readonly postTimeoutMs: number;
  readonly lookupTimeoutMs: number;
  /** Default: 8 seconds. */
  readonly booksTimeoutMs?: number;
};

/** All that is asked of Monoova, by whomever. */
export type WholeLine = MonoovaLine & MonoovaBooks & MonoovaFunds & MonoovaSubscriptions;

/** Monoova's Payments API: each call is one request over one connection, and is never repeated here. */
export function createMonoova(deps: MonoovaDeps): Monoova<WholeLine> {
  let last: { readonly secret: ApiKeySecret; readonly line: WholeLine } | undefined;
  return {
    async connect(options) {
      const secret = await deps.readApiKey(options);
      if (last?.secret !== secret) last = { secret, line: lineWith(deps, secret) };
      return last.line;
    },
  };
}

function lineWith(deps: MonoovaDeps, secret: ApiKeySecret): WholeLine {
  const lookedUp = async <Answer>(path: string, read: (outcome: HttpOutcome) => Answer) =>
    read(await deps.exchange(question(secret, path, deps.lookupTimeoutMs)));
  const listed = async <Answer>(path: string, read: (outcome: HttpOutcome) => Answer) => {
    const timeoutMs = deps.booksTimeoutMs ?? BOOKS_TIMEOUT_MS;
    return read(await deps.exchange({ ...question(secret, path, timeoutMs), bodyBytesMax: BOOKS_BYTES_MAX }));
  };
  const written = async <Answer>(path: string, body: string, read: (outcome: HttpOutcome) => Answer) => {
    const { headers, ...request } = question(secret, path, deps.lookupTimeoutMs);
    const json = { ...headers, 'Content-Type': 'application/json' };
    return read(await deps.exchange({ ...request, method: 'POST', headers: json, body }));
  };
  return {
    key: fingerprintOf(secret),
    async execute(instruction, notAfterMs) {
      // Asked last, next to the call: whoever looks at the deadline believes that nothing is begun after it.
      if (deps.nowMs() >= notAfterMs) return { kind: 'unsent', detail: 'past the deadline' };
      const outcome = await deps.exchange({
        method: 'POST',
        url: `${secret.baseUrl}/financial/v2/transaction/execute`,
        headers: { ...headersOf(secret), 'Content-Type': 'application/json' },
        body: executeBody(instruction, deps.remitter),
        timeoutMs: deps.postTimeoutMs,
      });
      const secrets = [...secretsOf(instruction.destination), secret.apiKey];
      return executeResultOf(outcome, instruction.uniqueReference, secrets);
    },
    lookUp: (uniqueReference) =>
      lookedUp(`/financial/v2/status/${encodeURIComponent(uniqueReference)}`, (outcome) =>
        lookupResultOf(outcome, uniqueReference),
      ),
    available: (mAccount) => lookedUp(`/mAccount/v1/financials/${encodeURIComponent(mAccount)}`, availableOf),
    statuses: (fromDay, toDay) => listed(`/financial/v2/status/${fromDay}/${toDay}`, bookedStatusesOf),
    statement: (day) => listed(`/reports/v1/statement/${day}`, statementOf),
    webhooks: (day, { skip, take }) =>
      listed(`/subscriptions/v1/report/${day}?skip=${skip}&take=${take}`, sentWebhooksOf),
    async resendWebhook(webhookId) {
      const request = question(secret, `/subscriptions/v2/resend/${webhookId}`, deps.lookupTimeoutMs);
      return doneOf(await deps.exchange({ ...request, method: 'POST' }));
    },
    subscriptions: () => listed('/subscriptions/v1/list', subscriptionsOf),
    subscribe: (eventName, target) =>
      written('/subscriptions/v1/create', subscriptionBody({ eventName }, target), subscribedOf),
    updateSubscription: (id, target) => written('/subscriptions/v1/update', subscriptionBody({ id }, target), doneOf),
  };
}

function question(secret: ApiKeySecret, path: string, timeoutMs: number): HttpRequest {
  return { method: 'GET', url: secret.baseUrl + path, headers: headersOf(secret), timeoutMs };
}

/** Enough to know a key again, and nothing to sign in with: keys are random and longer (UUIDs in Monoova's examples). */
function fingerprintOf({ apiKey }: ApiKeySecret): string {
  return hash('sha256', apiKey).slice(0, FINGERPRINT_DIGITS);
}

/** The key is the user name and the password is empty (Monoova OpenAPI v5.29, "Authentication"). */
function headersOf({ apiKey }: ApiKeySecret): Record<string, string> {
  const credentials = Buffer.from(`${apiKey}:`, 'utf8').toString('base64');
  return { Authorization: `Basic ${credentials}`, Accept: 'application/json' };
}
