import type { ExecuteResult, LookupResult } from '../../shared/ports.ts';
import { CREDENTIALS_CODES, DECLINE_CODES, DUPLICATE_CODE, NOT_FOUND_CODE, OK_CODE, RECEIVED_CODES } from './codes.ts';
import { type Envelope, hasNoTransaction, parseEnvelope, transactionIdOf } from './envelope.ts';
import type { HttpOutcome } from './http-exchange.ts';
import { scrub } from './scrub.ts';

type Answer = Extract<HttpOutcome, { kind: 'answer' }>;
type Failure = Extract<HttpOutcome, { kind: 'failure' }>;

const OK = 200;
const REDIRECTION = 300;
const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
const JUDGED_STATUSES: ReadonlySet<number> = new Set([400, 404, 422]);
const RETRY_AFTER_MAX_SECONDS = 3_600;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * What one POST of a payment has taught. The order of the questions is the rule: a body that names its reason is believed before
 * the HTTP status, and whatever is not proven stays `unanswered`. `secrets` are taken out of Monoova's words.
 */
export function executeResultOf(
  outcome: HttpOutcome,
  uniqueReference: string,
  secrets: readonly string[],
): ExecuteResult {
  if (outcome.kind === 'failure') return resultOfFailure(outcome);
  const envelope = parseEnvelope(outcome.body);
  if (!envelope) return resultOfStatus(outcome);
  // Somebody else's answer (a proxy's mix-up) proves nothing about this payment.
  if (namesAnother(envelope.callerUniqueReference, uniqueReference))
    return { kind: 'unanswered', detail: 'an answer about another reference', isLineLost: true };
  return resultOfEnvelope(outcome, envelope, secrets);
}

function resultOfFailure({ phase, code }: Failure): ExecuteResult {
  // Refused, no such name, no connection in time: not a byte had left.
  if (phase === 'connecting') return { kind: 'unreachable', detail: code };
  return { kind: 'unanswered', detail: code, isLineLost: true };
}

function resultOfEnvelope(answer: Answer, envelope: Envelope, secrets: readonly string[]): ExecuteResult {
  const code = envelope.status;
  if (code === undefined) return resultOfStatus(answer, envelope);
  const id = transactionIdOf(envelope);
  const numbered = id === undefined ? {} : { monoovaTransactionId: id };
  // It came before: the answer to the first sending was lost. The number is that of the first, "which could be 0" [2017].
  if (code === DUPLICATE_CODE) return { kind: 'already-received', code, ...numbered };
  if (RECEIVED_CODES.has(code) && isSuccess(answer.status)) return { kind: 'accepted', code, ...numbered };
  // An error that names a transaction contradicts itself: money may have moved.
  if (!hasNoTransaction(envelope)) return unanswered(answer, envelope);
  if (CREDENTIALS_CODES.has(code)) return resultOfRefusedKey(answer, envelope, code);
  if (isDecline(answer, envelope, code)) {
    return { kind: 'declined', code, detail: scrub(envelope.statusDescription ?? code, secrets) };
  }
  // A code that is on no list is believed before the HTTP status, and says nothing that is known.
  return unanswered(answer, envelope);
}

/** That nothing was taken is believed of a server that judged. One that fails (5xx) may have failed after it took the payment. */
function resultOfRefusedKey(answer: Answer, envelope: Envelope, code: string): ExecuteResult {
  if (answer.status < SERVER_ERROR) return { kind: 'credentials-refused', code };
  return { ...unanswered(answer, envelope), isKeyDoubted: true };
}

/** On the list, judged rather than broken off, and with the 0 that says that there is no transaction. */
function isDecline(answer: Answer, { transactionId }: Envelope, code: string): boolean {
  return DECLINE_CODES.has(code) && isJudged(answer.status) && transactionId === 0;
}

/**
 * No code in the body. Of the HTTP status 429 alone proves that nothing was taken; a 401 or 403 may come from something that stands
 * between us and a Monoova that has the payment already.
 */
function resultOfStatus(answer: Answer, envelope?: Envelope): ExecuteResult {
  if (answer.status === TOO_MANY_REQUESTS) return throttled(answer);
  return unanswered(answer, envelope);
}

/**
 * The values of `transactionStatus` (OpenAPI v5.29). `Dishonoured` is not among them on purpose: the specification has it for
 * debits and direct entry ("Debit Transaction was Dishonoured"), so for an NPP payout it proves neither that the money arrived nor
 * that it did not, and a wrong `rejected` would invite the client to pay twice. The guard goes on, and in the end asks a person.
 */
const KIND_OF_TRANSACTION_STATUS: ReadonlyMap<string, 'completed' | 'rejected' | 'pending'> = new Map([
  ['Complete', 'completed'],
  ['Rejected', 'rejected'],
  ['Pending', 'pending'],
  ['WaitingOnClearedFunds', 'pending'],
]);

/** What a value of `transactionStatus` says; whatever is not on the list is `unknown`. */
export function kindOfTransactionStatus(status: string): 'completed' | 'rejected' | 'pending' | 'unknown' {
  return KIND_OF_TRANSACTION_STATUS.get(status) ?? 'unknown';
}

/** What one look-up by reference has taught; whatever is not said in as many words is `unknown`. */
export function lookupResultOf(outcome: HttpOutcome, uniqueReference: string): LookupResult {
  if (outcome.kind === 'failure') return lostBy(outcome);
  const envelope = parseEnvelope(outcome.body);
  if (!envelope) return untoldOfStatus(outcome);
  if (namesAnother(envelope.uniqueReference, uniqueReference)) {
    return { kind: 'unknown', detail: 'an answer about another reference' };
  }
  // 400 in 2017's documentation; a server that fails may say anything, and so does one that names a status as well.
  const isNotFound = envelope.status === NOT_FOUND_CODE && envelope.transactionStatus === undefined;
  if (isNotFound && isJudged(outcome.status)) return { kind: 'not-found' };
  return untoldBy(outcome) ?? lookupOfTransaction(outcome, envelope);
}

type Untold = Extract<LookupResult, { kind: 'credentials-refused' | 'unknown' }>;

/** Why the outcome of a question tells nothing; undefined for an answer that may be read. */
export function untoldBy(outcome: HttpOutcome): Untold | undefined {
  if (outcome.kind === 'failure') return lostBy(outcome);
  const envelope = parseEnvelope(outcome.body);
  if (!envelope) return untoldOfStatus(outcome);
  const code = envelope.status ?? '';
  if (CREDENTIALS_CODES.has(code)) return { kind: 'credentials-refused', code };
  if (!isSuccess(outcome.status)) return untoldOfStatus(outcome, envelope);
  if (code !== '' && code !== OK_CODE) return { kind: 'unknown', detail: described(outcome, envelope) };
  return undefined;
}

function lookupOfTransaction(answer: Answer, envelope: Envelope): LookupResult {
  const status = envelope.transactionStatus;
  if (status === undefined) return { kind: 'unknown', detail: described(answer, envelope) };
  return { kind: kindOfTransactionStatus(status), detail: status };
}

function untoldOfStatus(answer: Answer, envelope?: Envelope): Untold {
  if (isCredentialsStatus(answer.status)) {
    return { kind: 'credentials-refused', code: `HTTP ${answer.status}`, isKeyDoubted: true };
  }
  const unknown = { kind: 'unknown', detail: described(answer, envelope) } as const;
  return isLineLost(answer, envelope) ? { ...unknown, isLineLost: true } : unknown;
}

function lostBy({ code }: Failure): Untold {
  return { kind: 'unknown', detail: code, isLineLost: true };
}

/** Whether Monoova cannot be spoken to at all. A 404 without words may be its way to say that it does not know a reference. */
function isLineLost({ status }: Answer, envelope?: Envelope): boolean {
  return status >= SERVER_ERROR || status === TOO_MANY_REQUESTS || (isSuccess(status) && !envelope);
}

/**
 * A status that is about the key says nothing of the payment, and warns of showing that key again. An answer that can be read means
 * that the line works, save where its server says that it fails.
 */
function unanswered(answer: Answer, envelope?: Envelope): Extract<ExecuteResult, { kind: 'unanswered' }> {
  const result = { kind: 'unanswered', detail: described(answer, envelope) } as const;
  if (isCredentialsStatus(answer.status)) return { ...result, isKeyDoubted: true };
  return envelope && answer.status < SERVER_ERROR ? result : { ...result, isLineLost: true };
}

function throttled({ headers }: Answer): ExecuteResult {
  const seconds = secondsOf(headers['retry-after'] ?? '', headers['date'] ?? '');
  if (seconds === undefined) return { kind: 'throttled' };
  return { kind: 'throttled', retryAfterSeconds: Math.min(seconds, RETRY_AFTER_MAX_SECONDS) };
}

/** Seconds, or a date (RFC 9110, section 10.2.3): that counts from the answer's own date, since clocks differ. */
function secondsOf(retryAfter: string, date: string): number | undefined {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const seconds = Math.ceil((Date.parse(retryAfter) - Date.parse(date)) / 1000);
  return HTTP_DATE.test(retryAfter) && seconds >= 0 ? seconds : undefined;
}

/** The status and Monoova's code: never its words, which quote what they were sent. */
function described(answer: Answer, envelope?: Envelope): string {
  if (!envelope) return `HTTP ${answer.status}, not readable`;
  return scrub(`HTTP ${answer.status}, ${envelope.status ?? 'no code'}`);
}

function namesAnother(told: unknown, uniqueReference: string): boolean {
  return typeof told === 'string' && told !== '' && told.toLowerCase() !== uniqueReference.toLowerCase();
}

function isSuccess(status: number): boolean {
  return status >= OK && status < REDIRECTION;
}

/**
 * Monoova sends its refusals with 400 (seen, and in 2017's documentation). Assumption: with 404, 422 or a success they say the
 * same. A server that fails (5xx), sends elsewhere (3xx) or gave up waiting (408) may say anything.
 */
function isJudged(status: number): boolean {
  return isSuccess(status) || JUDGED_STATUSES.has(status);
}

function isCredentialsStatus(status: number): boolean {
  return status === UNAUTHORISED || status === FORBIDDEN;
}
