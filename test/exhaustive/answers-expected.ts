import { CREDENTIALS_CODES, DECLINE_CODES, RECEIVED_CODES } from '../../functions/adapters/monoova/codes.ts';

/** An answer as it was made up: what a parser has to find in it. */
export type MadeUp = {
  readonly status: number;
  /** Undefined where no JSON object can be read. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** What `Retry-After` says, in seconds. */
  readonly retryAfterSeconds?: number;
};
/** Of the result of a question to Monoova, what money and the breaker depend on. */
export type Taught = Readonly<Record<string, string | number | true | undefined>>;

const RETRY_AFTER_MAX_SECONDS = 3_600;

/**
 * What the design says that one POST proves. Each rule stands for itself and none leans on the order of the others: two that hold of
 * one answer would be a contradiction of the design. What no rule proves is unknown.
 */
export function taughtByPost(made: MadeUp, reference: string): Taught {
  const { status, body = {} } = made;
  const { transactionId } = body;
  const code = body['status'];
  const named = codeOf(made);
  const isOurs = !isAboutAnother(body['callerUniqueReference'], reference);
  const namesTransaction = transactionId !== undefined && transactionId !== null && transactionId !== 0;
  const isNumber = typeof transactionId === 'number' && Number.isInteger(transactionId) && transactionId > 0;
  const number = isNumber ? { monoovaTransactionId: transactionId } : {};
  const isKeyRefused = CREDENTIALS_CODES.has(named) && !namesTransaction;
  const proofs: (readonly [isProven: boolean, taught: Taught])[] = [
    // Receipt.
    [named === 'UniqueReferenceExists', { kind: 'already-received', code: named, ...number }],
    [RECEIVED_CODES.has(named) && status >= 200 && status <= 299, { kind: 'accepted', code: named, ...number }],
    // Non-receipt: a listed refusal of a server that judged, which says with its 0 that there is no transaction.
    [DECLINE_CODES.has(named) && hasJudged(status) && transactionId === 0, { kind: 'declined', code: named }],
    // The key was refused by a server that did not fail.
    [isKeyRefused && status < 500, { kind: 'credentials-refused', code: named }],
    // 429, and no word that says otherwise.
    [status === 429 && named === '', { kind: 'throttled', ...retryAfter(made) }],
  ];
  const proven = proofs.filter(([isProven]) => isProven && isOurs).map(([, taught]) => taught);
  if (proven.length > 1) throw new Error(`HTTP ${status}, ${code} proves ${JSON.stringify(proven)}.`);
  return proven[0] ?? unknownOfPost(made, isOurs, isKeyRefused && status >= 500);
}

/** Whether the key has to rest and whether the line counts as lost, where nothing is known of the payment. */
function unknownOfPost({ status, body }: MadeUp, isOurs: boolean, isKeyRefused: boolean): Taught {
  if (!isOurs) return { kind: 'unanswered', isLineLost: true };
  const speaksOfKey = status === 401 || status === 403;
  const isSilent = body === undefined || status >= 500;
  return {
    kind: 'unanswered',
    ...((speaksOfKey || isKeyRefused) && { isKeyDoubted: true }),
    ...(isSilent && !speaksOfKey && { isLineLost: true }),
  };
}

/** What the design says of one look-up by reference: an end only by Monoova's own word for it. */
export function taughtByLookup(made: MadeUp, reference: string): Taught {
  const { status, body = {} } = made;
  const said = body['transactionStatus'];
  if (isAboutAnother(body['uniqueReference'], reference)) return { kind: 'unknown' };
  if (codeOf(made) === 'UniqueIdNotFound' && said === undefined && hasJudged(status)) return { kind: 'not-found' };
  const untold = untoldByQuestion(made);
  if (untold !== undefined) return untold;
  const kinds: Readonly<Record<string, string>> = {
    Complete: 'completed',
    Rejected: 'rejected',
    Pending: 'pending',
    WaitingOnClearedFunds: 'pending',
  };
  return { kind: kinds[String(said)] ?? 'unknown' };
}

/** Why an answer to a question must not be read; undefined where it may be: a success that names no error. */
export function untoldByQuestion(made: MadeUp): Taught | undefined {
  const { status, body } = made;
  const code = codeOf(made);
  if (CREDENTIALS_CODES.has(code)) return { kind: 'credentials-refused', code };
  const isSuccess = status >= 200 && status <= 299;
  if (isSuccess && body !== undefined) return code === '' || code === 'Ok' ? undefined : { kind: 'unknown' };
  if (status === 401 || status === 403)
    return { kind: 'credentials-refused', code: `HTTP ${status}`, isKeyDoubted: true };
  const isLineLost = status >= 500 || status === 429 || isSuccess;
  return { kind: 'unknown', ...(isLineLost && { isLineLost: true }) };
}

/** Empty where the body names none: a code is one word. */
function codeOf({ body }: MadeUp): string {
  const code = body?.['status'];
  return typeof code === 'string' && /^[a-z]\w*$/i.test(code) ? code : '';
}

function isAboutAnother(told: unknown, reference: string): boolean {
  return typeof told === 'string' && ![reference, reference.toUpperCase(), ''].includes(told);
}

function hasJudged(status: number): boolean {
  return (status >= 200 && status <= 299) || [400, 404, 422].includes(status);
}

function retryAfter({ retryAfterSeconds }: MadeUp): Taught {
  if (retryAfterSeconds === undefined) return {};
  return { retryAfterSeconds: Math.min(retryAfterSeconds, RETRY_AFTER_MAX_SECONDS) };
}
