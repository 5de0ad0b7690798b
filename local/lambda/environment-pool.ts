import { availableParallelism } from 'node:os';
import { AwsError } from '../aws/wire.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { LambdaFunction, LambdaResult } from './lambda-function.ts';
import type { InvokeMessage } from './messages.ts';

/** More threads than this for one function would only slow each other down. */
const ENVIRONMENTS_MAX = 50;

/** "Concurrent executions: 1,000" (Lambda quotas of the Lambda guide): of the account there, of each function here. */
const EVENTS_MAX = 1_000;

/** So many environments of a function are started without waiting: more threads than cores have no work to do. */
const ENVIRONMENTS_AT_ONCE = Math.max(2, availableParallelism());

/**
 * Where events wait and none of the function's environments has become free for so long, in milliseconds, one more is started.
 * Where the machine is what limits, a start would only take the processor from those that are at work; where something
 * outside is waited for (a slow Monoova), another environment goes on.
 */
const STANDSTILL_MS = 500;

/** An event that waits. Either is called once. */
type Waiter = { give(environment: ExecutionEnvironment): void; leave(): void };

/**
 * The environments of one function. An event takes the one that became idle last (its caches are the warmest), or starts
 * another. On Lambda no event waits for a busy one, since there are always more machines; here the first few environments start
 * at once, and from then on events wait for one to become free, unless all stand still.
 */
export class EnvironmentPool {
  readonly #lambda: LambdaFunction;
  readonly #clock: Clock;
  readonly #start: (onDeath: () => void) => ExecutionEnvironment;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();
  #startingCount = 0;
  /** Oldest first. */
  readonly #waiters: Waiter[] = [];
  #cancelStandstill: Cancel = () => {};
  #isStopped = false;

  constructor(lambda: LambdaFunction, clock: Clock, start: (onDeath: () => void) => ExecutionEnvironment) {
    this.#lambda = lambda;
    this.#clock = clock;
    this.#start = start;
  }

  /** Events under way, those that wait included. */
  get busyCount(): number {
    return this.#busy.size + this.#waiters.length;
  }

  /** Environments that load their code. */
  get startingCount(): number {
    return this.#startingCount;
  }

  /**
   * An event that still waits when `signal` is aborted is not run: nobody wants its result, and under load such work would
   * keep others waiting until their callers are gone too.
   *
   * @throws {AwsError} `TooManyRequestsException` when as many events are under way as may be
   * @throws the signal's reason where it waited until then
   */
  async run(message: Omit<InvokeMessage, 'kind' | 'deadlineMs'>, signal?: AbortSignal): Promise<LambdaResult> {
    this.#refuseAboveLimit();
    const environment = await this.#take(signal);
    try {
      return await environment.run(message);
    } finally {
      this.#busy.delete(environment);
      this.#release(environment);
    }
  }

  /** Starts one environment ahead of the first event, unless there is one. Resolves when its code is loaded. */
  async warm(): Promise<void> {
    if (this.#idle.length + this.#busy.size > 0) return;
    const environment = this.#add();
    this.#idle.push(environment);
    await environment.ready();
  }

  /** Events that wait fail as those do that are cut off. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelStandstill();
    const environments = [...this.#idle.splice(0), ...this.#busy];
    await Promise.all(environments.map((environment) => environment.stop()));
  }

  /** What is taken counts as busy from this very moment, so that no other event takes it too. */
  #take(signal?: AbortSignal): ExecutionEnvironment | Promise<ExecutionEnvironment> {
    const idle = this.#idle.pop();
    if (idle) return this.#engage(idle);
    if (this.#busy.size < ENVIRONMENTS_AT_ONCE) return this.#engage(this.#add());
    return this.#wait(signal);
  }

  #wait(signal?: AbortSignal): Promise<ExecutionEnvironment> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        give: (environment) => {
          signal?.removeEventListener('abort', waiter.leave);
          resolve(this.#engage(environment));
        },
        leave: () => {
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          reject(signal?.reason);
        },
      };
      signal?.addEventListener('abort', waiter.leave, { once: true });
      this.#waiters.push(waiter);
      if (this.#waiters.length === 1) this.#watchStandstill();
    });
  }

  #watchStandstill(): void {
    this.#cancelStandstill();
    if (this.#waiters.length === 0 || this.#busy.size >= ENVIRONMENTS_MAX) return;
    this.#cancelStandstill = this.#clock.after(STANDSTILL_MS, () => {
      this.#waiters.shift()?.give(this.#add());
      this.#watchStandstill();
    });
  }

  #engage(environment: ExecutionEnvironment): ExecutionEnvironment {
    this.#busy.add(environment);
    return environment;
  }

  /** To the event that has waited longest. A dead one is replaced for it, unless all is ending: then it fails at once. */
  #release(environment: ExecutionEnvironment): void {
    const waiter = this.#waiters.shift();
    if (waiter) waiter.give(environment.isDead && !this.#isStopped ? this.#add() : environment);
    else if (!environment.isDead) this.#idle.push(environment);
    this.#watchStandstill();
  }

  #add(): ExecutionEnvironment {
    const environment: ExecutionEnvironment = this.#start(() => {
      const index = this.#idle.indexOf(environment);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    this.#startingCount += 1;
    void environment.ready().then(() => {
      this.#startingCount -= 1;
    });
    return environment;
  }

  #refuseAboveLimit(): void {
    const { reservedConcurrency } = this.#lambda;
    if (this.busyCount < Math.min(reservedConcurrency ?? EVENTS_MAX, EVENTS_MAX)) return;
    const reason = reservedConcurrency === undefined ? 'Concurrent' : 'ReservedFunctionConcurrent';
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      statusCode: 429,
      fields: { Reason: `${reason}InvocationLimitExceeded` },
    });
  }
}
