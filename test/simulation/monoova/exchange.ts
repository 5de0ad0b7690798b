import type { HttpExchange, HttpOutcome, HttpRequest } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { Caller } from '../caller.ts';
import { joined } from '../joined.ts';
import { latencyMs, latenessMs, type Surroundings } from '../surroundings.ts';
import { coded, page } from './answers.ts';

/**
 * The network between a function and Monoova, and what else may answer in Monoova's place. `before`: Monoova never received the
 * request; `after`: it did, and did what it says.
 */
export const EXCHANGE_FAULTS = [
  'unreachable',
  'connect timeout',
  'cut before',
  'cut after',
  'unanswered before',
  'unanswered after',
  'late',
  'very late',
  'error before',
  'error after',
  'unavailable before',
  'throttled',
  'key refused',
  'forbidden before',
  'forbidden after',
  'garbage after',
  'redirect before',
  'unknown code before',
  'unknown code after',
  'mixed up after',
  'killed-before',
  'killed-after',
] as const;

/** Beside those, a look-up may not see what is there, or see what is no status of a payout. */
export const LOOK_UP_FAULTS = [...EXCHANGE_FAULTS, 'not found yet', 'odd status'] as const;

/** Beside those, what whoever steers a run may ask for by name: chance never draws it. */
export const STEERED_FAULTS = [
  'throttled for 3 seconds',
  'throttled for long',
  'throttled without a word',
  /** Against all that is known of a 429. */
  'throttled after',
] as const;

/** Longer than any quiet period, and up to longer than a guard is patient: a request that was stuck on its way. */
const VERY_LATE_MS = { min: 600_000, max: 3 * 86_400_000 } as const;

type Kind = (typeof LOOK_UP_FAULTS)[number] | (typeof STEERED_FAULTS)[number];
type Sort = { readonly label: string; readonly kinds: readonly string[]; readonly weight?: number };

const SORTS: readonly (readonly [pattern: RegExp, sort: Sort])[] = [
  [/\/transaction\/execute$/, { label: 'POST execute', kinds: EXCHANGE_FAULTS, weight: 6 }],
  [/\/financial\/v2\/status\/[^/]+$/, { label: 'GET status', kinds: LOOK_UP_FAULTS, weight: 2 }],
  [/\/certificate\/public-key$/, { label: 'GET public key', kinds: EXCHANGE_FAULTS }],
];
const OTHER: Sort = { label: 'GET report', kinds: EXCHANGE_FAULTS };

export type Receive = (request: HttpRequest) => Extract<HttpOutcome, { kind: 'answer' }>;

/**
 * @param receive what Monoova does with a request that reached it, and says of it
 * @param onCall told of each request as it is made, whatever becomes of it
 * @param onStuck told of each request that will be received much later; what it gives is called then
 */
export function exchangeWith(
  around: Surroundings,
  receive: Receive,
  current: () => Caller,
  onCall: (request: HttpRequest) => void,
  onStuck: (request: HttpRequest) => () => void,
): HttpExchange {
  return (request) => {
    onCall(request);
    const caller = current();
    const { label, weight = 1, kinds } = sortOf(request);
    const name = caller.nextCall(label);
    return new Promise((resolve) => {
      const { time, chance, gate, trace } = around;
      const takesMs = latencyMs(chance, name);
      const receiveIt = () => {
        const answer = receive(request);
        trace.note(name, () => `Monoova answers ${answer.status} ${answer.body.slice(0, 200)}`);
        return answer;
      };
      const later = (delayMs: number, outcome: () => HttpOutcome) => {
        time.after(delayMs, () => {
          if (caller.isAlive) resolve(outcome());
        });
      };
      /** It is received all the same, also if whoever asked has died meanwhile. */
      const after = (outcome: HttpOutcome, heardMs = takesMs) => {
        time.after(takesMs, receiveIt);
        later(heardMs, () => outcome);
      };
      const receiveLater = (delayMs: number) => {
        const arrives = onStuck(request);
        time.after(delayMs, () => {
          arrives();
          receiveIt();
        });
      };
      const before = (outcome: HttpOutcome, heardMs = takesMs) => later(heardMs, () => outcome);
      const whole = {
        name,
        label: joined(caller.role, ': ', label),
        service: 'monoova',
        kinds,
        weight: weight * caller.weight,
      };
      const kind = gate.at(whole) as Kind | undefined;
      const { timeoutMs } = request;
      switch (kind) {
        case undefined:
          // What a call takes may be longer than whoever asks is willing to wait.
          if (takesMs >= timeoutMs) return after(failure('sent', 'TIMEOUT'), timeoutMs);
          return void time.after(takesMs, () => {
            const outcome = receiveIt();
            if (caller.isAlive) resolve(outcome);
          });
        case 'unreachable':
          return before(failure('connecting', 'ECONNREFUSED'));
        case 'connect timeout':
          return before(failure('connecting', 'TIMEOUT'), timeoutMs);
        case 'cut before':
          return before(failure('sent', 'ECONNRESET'));
        case 'cut after':
          return after(failure('sent', 'ECONNRESET'));
        case 'unanswered before':
          return before(failure('sent', 'TIMEOUT'), timeoutMs);
        case 'unanswered after':
          return after(failure('sent', 'TIMEOUT'), timeoutMs);
        case 'late':
          receiveLater(latenessMs(chance, name));
          return before(failure('sent', 'TIMEOUT'), timeoutMs);
        case 'very late':
          receiveLater(Math.round(chance.spread(name, VERY_LATE_MS.min, VERY_LATE_MS.max)));
          return before(failure('sent', 'TIMEOUT'), timeoutMs);
        case 'error before':
          return before(coded(500, 'Exception', 'An unhandled Exception has occurred. Transaction has been cancelled'));
        case 'error after':
          return after(coded(500, 'Error', 'An unknown processing error occurred. Transaction has been cancelled'));
        case 'unavailable before':
          return before(page(503));
        case 'throttled':
          return before(page(429, { 'retry-after': '1' }));
        case 'throttled for 3 seconds':
          return before(page(429, { 'retry-after': '3' }));
        case 'throttled for long':
          return before(page(429, { 'retry-after': '600' }));
        case 'throttled without a word':
          return before(page(429));
        case 'throttled after':
          return after(page(429));
        case 'key refused':
          return before(coded(401, 'MerchantFailedToLogin', 'Failed to log in'));
        case 'forbidden before':
          return before(page(403));
        case 'forbidden after':
          return after(page(403));
        case 'garbage after':
          return after({ kind: 'answer', status: 200, headers: {}, body: '{"durationMs":15,"status":' });
        case 'redirect before':
          return before(page(307, { location: '/elsewhere' }));
        case 'unknown code before':
          return before(coded(400, 'SomethingNobodyDocumented', 'Something else'));
        case 'unknown code after':
          return after(coded(400, 'SomethingNobodyDocumented', 'Something else'));
        case 'mixed up after':
          return after(OF_ANOTHER);
        case 'not found yet':
          return before(coded(400, 'UniqueIdNotFound', 'The Unique ID was not found'));
        case 'odd status':
          return before(coded(200, 'Ok', 'Debit Transaction was Dishonoured', { transactionStatus: 'Dishonoured' }));
        case 'killed-before':
          return caller.kill();
        case 'killed-after':
          time.after(takesMs, () => {
            receiveIt();
            caller.kill();
          });
          return;
      }
    });
  };
}

/** Somebody else's answer, well-formed: for a payment, and for a look-up. */
const OF_ANOTHER: HttpOutcome = coded(200, 'Ok', 'Operation completed successfully', {
  transactionId: 999,
  callerUniqueReference: 'somebody-elses-reference',
  uniqueReference: 'somebody-elses-reference',
  transactionStatus: 'Complete',
});

function failure(phase: 'connecting' | 'sent', code: string): HttpOutcome {
  return { kind: 'failure', phase, code };
}

function sortOf({ url }: HttpRequest): Sort {
  return SORTS.find(([pattern]) => pattern.test(url))?.[1] ?? OTHER;
}
