import type { Caller } from '../caller.ts';
import { SDK_FAULTS } from '../faults.ts';
import { joined } from '../joined.ts';
import { latencyMs, latenessMs, type Surroundings } from '../surroundings.ts';
import { sdkError, toSdkError } from './sdk-errors.ts';

export type SdkCall<Output> = {
  /** Undefined between invocations, when nothing is called. */
  readonly caller: Caller;
  readonly service: string;
  /** With what tells it from other calls of its sort, e.g. `UpdateItem transactions posting_until`. */
  readonly action: string;
  /** Done at one moment. @throws {AwsError} as the service refuses */
  readonly perform: () => Output;
};

/** As functions/adapters/aws-clients.ts bounds them; the simulation's own test compares. */
const TRIES_MAX = 3;
const REQUEST_TIMEOUT_MS = 2_000;
const BACKOFF_MS = 100;

/**
 * One call through an SDK: up to three tries, each with its own fate. The promise of a caller that was killed never settles.
 */
export function callThroughSdk<Output>(around: Surroundings, call: SdkCall<Output>): Promise<Output> {
  const { caller, service, action } = call;
  const name = caller.nextCall(action);
  return new Promise((resolve, reject) => {
    const later = (delayMs: number, run: () => void) => {
      around.time.after(delayMs, () => {
        if (caller.isAlive) run();
      });
    };
    const perform = () => performed(around, call, name);
    const giveUpOrTryAgain = (tries: number, error: Error) => {
      if (tries >= TRIES_MAX) return reject(error);
      const pauseMs = Math.round(BACKOFF_MS * 2 ** (tries - 1) * around.chance.unit(`${name} ${tries} pauses`));
      later(pauseMs, () => attempt(tries + 1));
    };
    const attempt = (tries: number) => {
      const point = `${name}.${tries}`;
      const takesMs = latencyMs(around.chance, point);
      const kind = around.gate.at({
        name: point,
        label: joined(caller.role, ': ', action),
        service,
        kinds: SDK_FAULTS,
        weight: caller.weight,
      });
      switch (kind) {
        case undefined:
          return later(takesMs, () => {
            const outcome = perform();
            if ('output' in outcome) resolve(outcome.output);
            else reject(outcome.error);
          });
        case 'refused':
          return later(takesMs, () => giveUpOrTryAgain(tries, sdkError('ThrottlingException', 'Rate exceeded')));
        case 'denied':
          return later(takesMs, () => reject(sdkError('AccessDeniedException', 'Not authorised to perform this')));
        case 'lost':
          around.time.after(takesMs, perform);
          return later(REQUEST_TIMEOUT_MS, () => giveUpOrTryAgain(tries, timedOut()));
        case 'unheard':
          around.time.after(takesMs, perform);
          return later(TRIES_MAX * REQUEST_TIMEOUT_MS, () => reject(timedOut()));
        case 'late':
          around.time.after(latenessMs(around.chance, point), perform);
          return later(REQUEST_TIMEOUT_MS, () => giveUpOrTryAgain(tries, timedOut()));
        case 'killed-before':
          return caller.kill();
        case 'killed-after':
          around.time.after(takesMs, perform);
          return later(takesMs, () => caller.kill());
        default:
          throw new Error(`An SDK call does not know the fault ${kind}`);
      }
    };
    attempt(1);
  });
}

type Outcome<Output> = { readonly output: Output } | { readonly error: Error };

function performed<Output>(
  around: Surroundings,
  { caller, action, perform }: SdkCall<Output>,
  name: string,
): Outcome<Output> {
  try {
    const output = perform();
    around.trace.note(caller.name, () => `${action}: done`);
    return { output };
  } catch (thrown) {
    const error = toSdkError(thrown);
    around.trace.note(name, () => `${action}: ${error.name}`);
    return { error };
  }
}

function timedOut(): Error {
  return sdkError('TimeoutError', 'The request was not answered in time');
}
