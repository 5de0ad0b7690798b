import type { BreakerPolicy } from '../../domain/breaker.ts';
import type { Destination } from '../../domain/destination.ts';
import { DestinationUnusableError } from '../../domain/errors.ts';
import type { Payout } from '../../domain/payout.ts';
import type {
  DestinationCipher,
  ExecuteResult,
  Log,
  LookupResult,
  MeasureName,
  MetricName,
  Metrics,
  Monoova,
  MonoovaLine,
  PaymentInstruction,
  TaskTokens,
} from '../../functions/shared/ports.ts';
import { createFakeControls } from './controls.ts';
import { createFakePayoutStore } from './payout-store.ts';

export const DESTINATION: Destination = {
  type: 'PayId',
  payIdType: 'Email',
  payId: 'jane@example.com',
  accountName: 'Jane Citizen',
};

/** The fingerprint of the key that the fake shows. */
export const KEY = 'fedcba9876543210';

export const BREAKER: BreakerPolicy = { failuresToOpen: 5, cooldownMs: 30_000, cooldownMaxMs: 300_000 };

/** A Monoova that says what a test tells it to, and remembers what it was told. `keys` are the cached key and the one of now. */
export function createFakeMonoova() {
  const sent: PaymentInstruction[] = [];
  const lookedUp: string[] = [];
  const script: { execute: (() => Promise<ExecuteResult>)[]; lookUp: LookupResult[] } = { execute: [], lookUp: [] };
  const fake: Monoova & Omit<MonoovaLine, 'key'> & { keys: { cached: string; fresh: string } } = {
    keys: { cached: KEY, fresh: KEY },
    connect: async (options) => ({
      key: options?.isFresh ? fake.keys.fresh : fake.keys.cached,
      execute: (...call) => fake.execute(...call),
      lookUp: (...call) => fake.lookUp(...call),
    }),
    async execute(instruction) {
      sent.push(instruction);
      const next = script.execute.shift();
      if (!next) throw new Error('This test did not say what Monoova answers to a POST.');
      return next();
    },
    async lookUp(uniqueReference) {
      lookedUp.push(uniqueReference);
      const next = script.lookUp.shift();
      if (!next) throw new Error('This test did not say what Monoova answers to a look-up.');
      return next;
    },
  };
  return Object.assign(fake, {
    sent,
    lookedUp,
    answersPost: (...results: ExecuteResult[]) => script.execute.push(...results.map((result) => async () => result)),
    failsPost: (error: Error) => script.execute.push(() => Promise.reject(error)),
    answersLookUp: (...results: LookupResult[]) => script.lookUp.push(...results),
  });
}

/** Everything that a handler needs, in memory, with what it did to be read afterwards. */
export function createWorld(...payouts: Payout[]) {
  let nowMs = Date.parse('2026-11-23T00:00:01.000Z');
  const counted: MetricName[] = [];
  const rung: string[] = [];
  const lines: string[] = [];
  const measured: [MeasureName, number][] = [];
  const metrics: Metrics = {
    count: (name) => void counted.push(name),
    measure: (name, value) => void measured.push([name, value]),
  };
  const write = (message: string, keys?: object) => void lines.push(`${message} ${JSON.stringify(keys ?? {})}`);
  const log: Log = { info: write, warn: write, error: write };
  const tokens: TaskTokens = { ring: async (token) => void rung.push(token) };
  const cipher: DestinationCipher = {
    encrypt: async (destination, context) => JSON.stringify({ destination, context }),
    async decrypt(ciphertext, context) {
      if (ciphertext.includes('broken')) throw new DestinationUnusableError(`Destination ${context.destination_id}.`);
      return DESTINATION;
    },
  };
  const monoova = createFakeMonoova();
  const store = createFakePayoutStore(...payouts);
  const controls = createFakeControls();
  const waited: number[] = [];
  /** Time passes while somebody waits. */
  const wait = async (ms: number) => {
    waited.push(ms);
    nowMs += ms;
  };
  const now = () => nowMs;
  return {
    deps: { store, controls, tokens, metrics, log, cipher, monoova, nowMs: now, wait, breaker: BREAKER },
    store,
    controls,
    waited,
    monoova,
    counted,
    measured,
    rung,
    lines,
    passMs: (ms: number) => {
      nowMs += ms;
    },
  };
}
