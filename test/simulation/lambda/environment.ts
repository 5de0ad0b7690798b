import type { HttpExchange } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { DestinationCipher, Log, MetricName, Metrics } from '../../../functions/shared/ports.ts';
import { type Clients, type Cloud, createClients } from '../aws/clients.ts';
import type { Caller } from '../caller.ts';
import type { FunctionShape } from '../deployment.ts';
import type { Surroundings } from '../surroundings.ts';

/** What Lambda tells a handler of its invocation. */
export type InvocationContext = { readonly awsRequestId: string; readonly getRemainingTimeInMillis: () => number };

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** What a function's composition is made of, in place of what its index.ts finds in the process. */
export type FunctionDeps = {
  readonly environment: Readonly<Record<string, string>>;
  readonly clients: Clients;
  readonly exchange: HttpExchange;
  readonly cipher: DestinationCipher;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The clock of this environment's machine, which may be wrong by seconds. */
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** No rule that money depends on rests on Powertools' idempotency: now and then a run goes without. */
  readonly isWithoutIdempotency?: boolean;
  /** How many open payouts a reconciliation looks after in one call; undefined for as many as it does by itself. */
  readonly openPerCall?: number | undefined;
  /** A UUID that nobody else has. */
  readonly newId: () => string;
};

/** Composes a function, once for each execution environment. */
export type Compose = (deps: FunctionDeps) => Handler;

/** The world as a function's environment reaches it. */
export type FunctionWorld = {
  readonly cloud: Cloud;
  readonly exchangeFor: (current: () => Caller) => HttpExchange;
  readonly cipher: DestinationCipher;
  readonly newId: (name: string) => string;
  readonly isWithoutIdempotency: boolean;
  readonly openPerCall: number | undefined;
  /** Told of each metric that is counted. */
  readonly onCounted?: ((metric: MetricName) => void) | undefined;
};

/** One process of a function: it serves one invocation at a time, and what it remembers ends with it. */
export class Environment {
  readonly #handler: Handler;
  #caller: Caller | undefined;

  constructor(
    around: Surroundings,
    world: FunctionWorld,
    shape: FunctionShape,
    clockErrorMs: number,
    compose: Compose,
  ) {
    const current = () => {
      if (this.#caller) return this.#caller;
      throw new Error(`${shape.name} calls something outside of an invocation`);
    };
    const nowMs = () => around.time.nowMs() + clockErrorMs;
    this.#handler = compose(functionDeps(around, world, { shape, current, nowMs }));
  }

  run(caller: Caller, event: unknown, context: InvocationContext): Promise<unknown> {
    this.#caller = caller;
    return this.#handler(event, context);
  }
}

/** What a process is made of; `current` is whoever runs in it. */
export function functionDeps(
  around: Surroundings,
  world: FunctionWorld,
  process: {
    readonly shape: Pick<FunctionShape, 'name' | 'environment'>;
    readonly current: () => Caller;
    readonly nowMs: () => number;
  },
): FunctionDeps {
  const { shape, current, nowMs } = process;
  return {
    environment: shape.environment,
    clients: createClients(around, world.cloud, current),
    exchange: world.exchangeFor(current),
    cipher: world.cipher,
    log: observedLog(around, shape.name),
    metrics: { count: (metric) => world.onCounted?.(metric), measure: () => undefined },
    nowMs,
    wait: (ms) =>
      new Promise((resolve) => {
        const caller = current();
        around.time.after(ms, () => caller.isAlive && resolve());
      }),
    isWithoutIdempotency: world.isWithoutIdempotency,
    openPerCall: world.openPerCall,
    newId: () => world.newId(current().nextCall('id')),
  };
}

function observedLog({ observe }: Surroundings, name: string): Log {
  const write = (message: string, keys?: Readonly<Record<string, unknown>>) =>
    observe('log', name, message + (keys === undefined ? '' : JSON.stringify(keys, showErrors)));
  return { info: write, warn: write, error: write };
}

/** An error's own words are logged too. */
function showErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message, cause: value.cause } : value;
}
