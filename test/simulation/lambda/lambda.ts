import { Caller } from '../caller.ts';
import type { FunctionShape } from '../deployment.ts';
import { joined } from '../joined.ts';
import { latencyMs, type Surroundings } from '../surroundings.ts';
import { type Compose, Environment, type FunctionWorld } from './environment.ts';

/** As the Invoke API answers: `errorType` where the function failed, undefined where its process ended without a word. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly errorType: string | undefined; readonly errorMessage: string };

type Pool = { readonly shape: FunctionShape; readonly compose: Compose; readonly idle: Environment[]; started: number };

/** How far a machine's clock may be off, in milliseconds. Assumption: NTP keeps it far below. */
const CLOCK_ERROR_MS = { min: 200, max: 5_000 } as const;
const COLD_START_MS = { min: 200, max: 3_000 } as const;
/** What a deployment may change while payouts are under way, each towards more care. Fewer sends, longer rests, shorter calls. */
const SAFER_SETTINGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { RESUBMISSION_MODE: 'never' },
  { QUIET_PERIOD_MS: '180000' },
  { MONOOVA_POST_TIMEOUT_MS: '4000', MONOOVA_LOOKUP_TIMEOUT_MS: '2000' },
  { BREAKER_FAILURES_TO_OPEN: '1' },
];
const ENVIRONMENT_FAULTS = ['new', 'redeployed', 'clock fast', 'clock slow'];
/** Errors that no function throws on purpose: whoever sees one has found a defect of ours. */
const DEFECTS: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'ZodError']);

/** Runs the real handlers, each in environments of its own that are started, reused, killed and thrown away. */
export class Lambda {
  readonly #around: Surroundings;
  readonly #world: FunctionWorld;
  readonly #pools = new Map<string, Pool>();
  /** By their ARNs with an alias, as they were asked for. */
  readonly #qualified = new Map<string, Pool>();
  #settings: Readonly<Record<string, string>> = {};

  constructor(
    around: Surroundings,
    world: FunctionWorld,
    shapes: readonly FunctionShape[],
    composes: Readonly<Record<string, Compose>>,
  ) {
    this.#around = around;
    this.#world = world;
    for (const shape of shapes) {
      const compose = composes[shape.name];
      if (!compose) throw new Error(`The simulation does not know how to compose ${shape.name}`);
      this.#pools.set(shape.arn, { shape, compose, idle: [], started: 0 });
    }
  }

  /** The function behind an ARN, qualified or not. */
  shapeOf(functionArn: string): FunctionShape {
    return this.#poolOf(functionArn).shape;
  }

  /** By its folder's name. */
  arnOf(name: string): string {
    const found = [...this.#pools.values()].find(({ shape }) => shape.name === name);
    if (!found) throw new Error(`The template has no function ${name}`);
    return found.shape.arn;
  }

  /**
   * A new version goes live, perhaps with other settings: whatever runs is finished by the old one, and nothing that was remembered
   * is used again.
   */
  #redeploy(name: string): void {
    const draw = Math.floor(this.#around.chance.unit(`${name} settings`) * SAFER_SETTINGS.length);
    this.#settings = SAFER_SETTINGS[draw] ?? {};
    for (const pool of this.#pools.values()) pool.idle.length = 0;
  }

  /** A function's own variables, with those of the last deployment that it has too. */
  #shapeNow({ shape }: Pool): FunctionShape {
    const changed = Object.entries(this.#settings).filter(([variable]) => variable in shape.environment);
    return changed.length === 0
      ? shape
      : { ...shape, environment: { ...shape.environment, ...Object.fromEntries(changed) } };
  }

  /**
   * Runs one event. `respond` is called once, when the function has answered, failed, or is known to be gone.
   * @param name unique in the run
   */
  invoke(functionArn: string, event: unknown, name: string, respond: (outcome: Outcome) => void): Caller {
    const pool = this.#poolOf(functionArn);
    const { shape } = pool;
    const end = once(respond);
    const ended = (errorMessage: string, errorType?: string) => end({ kind: 'failed', errorType, errorMessage });
    const caller = new Caller(name, shape.name, () => {
      this.#around.trace.note(name, () => 'the process ended');
      const isNamed = this.#around.chance.unit(`${name} ends`) < 0.5;
      ended('Runtime exited without providing a reason', isNamed ? 'Runtime.ExitError' : undefined);
    });
    const start = () => {
      if (!caller.isAlive) return;
      const { environment, coldMs } = this.#take(pool, name);
      this.#around.time.after(coldMs, () => this.#run(pool, environment, { caller, event, end }));
    };
    start();
    return caller;
  }

  #run(
    pool: Pool,
    environment: Environment,
    { caller, event, end }: { caller: Caller; event: unknown; end: (outcome: Outcome) => void },
  ): void {
    if (!caller.isAlive) return;
    const { time, trace } = this.#around;
    const { timeoutMs } = pool.shape;
    const deadlineMs = time.nowMs() + timeoutMs;
    const cancelTimeout = time.after(timeoutMs, () => {
      end({ kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${timeoutMs} ms` });
      caller.kill();
    });
    trace.note(caller.name, () => 'begins');
    const context = {
      awsRequestId: this.#world.newId(caller.name),
      getRemainingTimeInMillis: () => deadlineMs - time.nowMs(),
    };
    const finish = (outcome: Outcome) => {
      if (!caller.isAlive) return;
      caller.finish();
      cancelTimeout();
      pool.idle.push(environment);
      time.after(latencyMs(this.#around.chance, `${caller.name} answers`), () => end(outcome));
    };
    environment.run(caller, event, context).then(
      (result) => finish({ kind: 'answered', payload: JSON.stringify(result ?? null) }),
      (error: unknown) => finish(this.#failure(caller, error)),
    );
  }

  #failure({ name, isAlive }: Caller, thrown: unknown): Outcome {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#around.observe('error', name, `${error.name}: ${error.message}`);
    this.#around.trace.note(name, () => `throws ${error.name}: ${error.message}`);
    if (DEFECTS.has(error.name) && isAlive) {
      this.#around.violated('no function is broken', `${name} threw ${error.name}: ${error.message}\n${error.stack}`);
    }
    return { kind: 'failed', errorType: error.name, errorMessage: error.message };
  }

  /** A warm environment, or a new one: with a clock of its own, and perhaps after a deployment. */
  #take(pool: Pool, name: string): { readonly environment: Environment; readonly coldMs: number } {
    const { gate, chance } = this.#around;
    const label = joined(pool.shape.name, ': ', 'environment');
    const fault = gate.at({ name: `${name} environment`, label, service: 'lambda', kinds: ENVIRONMENT_FAULTS });
    if (fault === 'redeployed') this.#redeploy(name);
    const warm = fault === undefined ? pool.idle.pop() : undefined;
    if (warm) return { environment: warm, coldMs: 0 };
    const errorMs = Math.round(chance.spread(`${name} clock`, CLOCK_ERROR_MS.min, CLOCK_ERROR_MS.max));
    const sign = { 'clock fast': 1, 'clock slow': -1 }[fault ?? ''] ?? 0;
    pool.started += 1;
    return {
      environment: new Environment(this.#around, this.#world, this.#shapeNow(pool), sign * errorMs, pool.compose),
      coldMs: Math.round(chance.spread(`${name} starts`, COLD_START_MS.min, COLD_START_MS.max)),
    };
  }

  #poolOf(functionArn: string): Pool {
    const known = this.#qualified.get(functionArn);
    if (known) return known;
    const pool = this.#pools.get(functionArn.split(':').slice(0, 7).join(':'));
    if (!pool) throw new Error(`No function ${functionArn} is deployed`);
    this.#qualified.set(functionArn, pool);
    return pool;
  }
}

function once<T>(run: (value: T) => void): (value: T) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    run(value);
  };
}
