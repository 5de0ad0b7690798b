import type { Log, Metrics } from '../../functions/shared/ports.ts';
import type { FunctionShape } from '../simulation/deployment.ts';
import { COMPOSITIONS } from '../simulation/functions/compositions.ts';
import type { Call, Reply } from './calls.ts';
import { cipher, clientsOver, exchangeOver } from './clients.ts';
import type { Interned } from './interned.ts';

/** Where an invocation of a function stands: waiting for the answer to a call, or at its end. */
export type Standing =
  | { readonly kind: 'asks'; readonly call: Call }
  | { readonly kind: 'returned'; readonly result: unknown }
  | { readonly kind: 'threw'; readonly error: string; readonly message: string };

/** One answer, and the time at which it came: what the function does until its next call happens at that time. */
type Told = { readonly nowMs: number; readonly reply: Reply | undefined };

type Given = {
  readonly shape: FunctionShape;
  readonly event: unknown;
  /** The invocation's request id, which names the fence that it raises. */
  readonly attempt: string;
};

/** More calls than a function makes in one invocation; one that goes round in circles ends here. */
const CALLS_MAX = 100;

/**
 * A point in the run of a function, known by what it was given and what it was told since. The function is the real one: it
 * is run again from its start on the answers so far, which is the same as going on, since it has no other source of anything.
 */
export class Invocation {
  readonly id: number;
  readonly given: Given;
  readonly told: readonly Told[];
  readonly standing: Standing;
  /** True where the function looked at the clock since the last answer: then the time of that answer matters. */
  readonly readsClock: boolean;
  readonly #after = new Map<string, Promise<Invocation>>();

  constructor(id: number, given: Given, told: readonly Told[], ran: Ran) {
    this.id = id;
    this.given = given;
    this.told = told;
    this.standing = ran.standing;
    this.readsClock = ran.readsClock;
  }

  /** The call before the present one, and the ones before that, newest first. */
  hasAsked(isMeant: (reply: Reply) => boolean): boolean {
    return this.told.some(({ reply }) => reply !== undefined && isMeant(reply));
  }

  next(key: string, make: () => Promise<Invocation>): Promise<Invocation> {
    const known = this.#after.get(key) ?? make();
    this.#after.set(key, known);
    return known;
  }
}

type Ran = { readonly standing: Standing; readonly readsClock: boolean };

/** Starts functions and lets them go on, each point once. */
export class Invocations {
  readonly #begun = new Map<string, Promise<Invocation>>();
  #count = 0;

  /** How many points in the runs of functions have been met. */
  get size(): number {
    return this.#count;
  }

  begin(given: Given, nowMs: number): Promise<Invocation> {
    const key = JSON.stringify([given.shape.name, given.event, given.attempt, nowMs]);
    const known = this.#begun.get(key) ?? this.#run(given, [{ nowMs, reply: undefined }]);
    this.#begun.set(key, known);
    return known;
  }

  /** What the function does after this answer; where it does not look at the clock, the same at any time. */
  async answer(invocation: Invocation, { id, value: reply }: Interned<Reply>, nowMs: number): Promise<Invocation> {
    const run = () => this.#run(invocation.given, [...invocation.told, { nowMs, reply }]);
    const known = await invocation.next(`${id}`, run);
    return known.readsClock ? invocation.next(`${id} ${nowMs}`, run) : known;
  }

  async #run(given: Given, told: readonly Told[]): Promise<Invocation> {
    if (told.length > CALLS_MAX) throw new Error(`${given.shape.name} makes more than ${CALLS_MAX} calls.`);
    const ran = await replay(given, told);
    return new Invocation(this.#count++, given, told, ran);
  }
}

const silent: Log & Metrics = { info: () => {}, warn: () => {}, error: () => {}, count: () => {}, measure: () => {} };
/** Enough for every try of a function that asks how long it has. */
const REMAINING_MS = 10_000;

async function replay({ shape, event, attempt }: Given, told: readonly Told[]): Promise<Ran> {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<Standing>();
  let at = 0;
  let readsClock = false;
  const ask = async (call: Call): Promise<Reply> => {
    const next = told[at + 1]?.reply;
    if (next !== undefined) {
      at += 1;
      return next;
    }
    // Of calls that are made at once the first is answered first; the next comes again with the answer to this one.
    onAsked({ kind: 'asks', call });
    return new Promise(() => undefined);
  };
  const compose = COMPOSITIONS[shape.name];
  if (!compose) throw new Error(`Nothing composes ${shape.name}.`);
  const handler = compose({
    environment: shape.environment,
    clients: clientsOver(ask),
    exchange: exchangeOver(ask),
    cipher,
    log: silent,
    metrics: silent,
    nowMs: () => {
      readsClock ||= at === told.length - 1;
      return told[at]?.nowMs ?? Number.NaN;
    },
    wait: async () => {},
    newId: () => '00000000-0000-4000-8000-000000000000',
  });
  const context = { awsRequestId: attempt, getRemainingTimeInMillis: () => REMAINING_MS };
  const ended = handler(event, context).then(
    (result): Standing => ({ kind: 'returned', result }),
    (error: unknown): Standing => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'threw', error: name, message };
    },
  );
  const standing = await Promise.race([asked, ended]);
  return { standing, readsClock };
}
