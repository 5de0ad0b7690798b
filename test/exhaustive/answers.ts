import { isDeepStrictEqual } from 'node:util';
import { CREDENTIALS_CODES, DECLINE_CODES } from '../../functions/adapters/monoova/codes.ts';
import { executeResultOf, lookupResultOf, untoldBy } from '../../functions/adapters/monoova/errors.ts';
import type { HttpOutcome } from '../../functions/adapters/monoova/http-exchange.ts';
import { type MadeUp, type Taught, taughtByLookup, taughtByPost, untoldByQuestion } from './answers-expected.ts';

/**
 * Every answer that Monoova, or something that stands between, could give to a POST and to a question: each HTTP status that is told from
 * another, with each body. What is made of it is compared with what the design says that it proves (answers-expected.ts).
 */

const REFERENCE = '0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';
const OTHER = '1a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';

/** The borders of each range, and whatever has a meaning of its own. 0 and 199 are no answers of HTTP, and can be sent. */
const STATUSES = [0, 199, 200, 202, 299, 300, 302, 400, 401, 403, 404, 408, 409, 422, 429, 499, 500, 503];
const UNREADABLE = ['', '<html>', '[]', 'null', '{"status":'];

const CODES = [
  undefined,
  'Ok',
  'Pending',
  'Accepted',
  'UniqueReferenceExists',
  'UniqueIdNotFound',
  'InvalidTotalAmount',
  'MerchantFailedToLogin',
  'Error',
  'ok',
  'not one word',
  7,
];
const NUMBERS = [undefined, null, 0, 1_022, -1, 1.5, '', '0', 'monoova-789'];
const REFERENCES = [undefined, '', REFERENCE, REFERENCE.toUpperCase(), OTHER, 7];
const TRANSACTION_STATUSES = [
  undefined,
  'Complete',
  'Rejected',
  'Pending',
  'WaitingOnClearedFunds',
  'Dishonoured',
  'complete',
];
const DATE = 'Mon, 23 Nov 2026 00:00:00 GMT';
/** What a 429 asks for, and what it comes to in seconds. */
const RETRY_AFTER: readonly (readonly [headers: Readonly<Record<string, string>>, seconds?: number])[] = [
  [{}],
  [{ 'retry-after': 'soon' }],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '5' }, 5],
  [{ 'retry-after': '86400' }, 86_400],
  [{ 'retry-after': 'Mon, 23 Nov 2026 00:00:20 GMT', date: DATE }, 20],
  [{ 'retry-after': 'Mon, 23 Nov 2026 00:00:20 GMT' }],
];

export type Answers = { readonly answers: number; readonly broken: string | undefined };

type Question = {
  readonly name: string;
  readonly ask: (outcome: HttpOutcome) => unknown;
  readonly expected: (made: MadeUp) => Taught | undefined;
  readonly bodies: () => Iterable<Record<string, unknown>>;
  /** Where not one byte had left, and where the request may have arrived. */
  readonly failures: Readonly<Record<'connecting' | 'sent', Taught>>;
};

const LOST: Taught = { kind: 'unknown', isLineLost: true };
const QUESTIONS: readonly Question[] = [
  {
    name: 'a POST',
    ask: (outcome) => executeResultOf(outcome, REFERENCE, []),
    expected: (made) => taughtByPost(made, REFERENCE),
    bodies: postBodies,
    failures: { connecting: { kind: 'unreachable' }, sent: { kind: 'unanswered', isLineLost: true } },
  },
  {
    name: 'a look-up',
    ask: (outcome) => lookupResultOf(outcome, REFERENCE),
    expected: (made) => taughtByLookup(made, REFERENCE),
    bodies: lookupBodies,
    failures: { connecting: LOST, sent: LOST },
  },
  {
    name: 'any other question',
    ask: untoldBy,
    expected: untoldByQuestion,
    bodies: () => allCodes().map((status) => ({ status })),
    failures: { connecting: LOST, sent: LOST },
  },
];

/** Asks until something is broken, or to the end. */
export function askAll(): Answers {
  let answers = 0;
  for (const question of QUESTIONS) {
    for (const [outcome, expected] of outcomesOf(question)) {
      answers += 1;
      const taught = withoutWords(question.ask(outcome));
      if (isDeepStrictEqual(taught, expected)) continue;
      const broken = `${question.name}, ${JSON.stringify(outcome)}: ${shown(taught)}, not ${shown(expected)}`;
      return { answers, broken };
    }
  }
  return { answers, broken: undefined };
}

function* outcomesOf({ expected, bodies, failures }: Question): Generator<[HttpOutcome, Taught | undefined]> {
  for (const phase of ['connecting', 'sent'] as const) {
    for (const code of ['ECONNREFUSED', 'TIMEOUT']) yield [{ kind: 'failure', phase, code }, failures[phase]];
  }
  const texts = [...bodies()].map((body) => [JSON.stringify(body), body] as const);
  for (const status of STATUSES) {
    for (const [headers, retryAfterSeconds] of status === 429 ? RETRY_AFTER : ([[{}]] as const)) {
      const asked = { status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
      for (const body of UNREADABLE)
        yield [{ kind: 'answer', status, headers, body }, expected({ ...asked, body: undefined })];
      for (const [text, body] of texts)
        yield [{ kind: 'answer', status, headers, body: text }, expected({ ...asked, body })];
    }
  }
}

function* postBodies(): Generator<Record<string, unknown>> {
  for (const status of CODES) {
    for (const transactionId of NUMBERS) {
      for (const callerUniqueReference of REFERENCES) yield { status, transactionId, callerUniqueReference };
    }
  }
  for (const status of allCodes()) {
    for (const transactionId of NUMBERS) yield { status, transactionId };
  }
}

function* lookupBodies(): Generator<Record<string, unknown>> {
  for (const status of CODES) {
    for (const transactionStatus of TRANSACTION_STATUSES) {
      for (const uniqueReference of REFERENCES) yield { status, transactionStatus, uniqueReference };
    }
  }
}

function allCodes(): unknown[] {
  return [...CODES, ...CREDENTIALS_CODES, ...DECLINE_CODES];
}

/** Monoova's words are for people: there have to be some wherever there is a place for them. */
function withoutWords(result: unknown): unknown {
  if (result === undefined) return undefined;
  const { detail, ...rest } = result as Taught;
  return typeof detail === 'string' && detail !== '' ? rest : result;
}

function shown(taught: unknown): string {
  return JSON.stringify(taught) ?? 'to be read';
}
