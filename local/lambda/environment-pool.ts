import { AwsError } from '../aws/wire.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { LambdaFunction, LambdaResult } from './lambda-function.ts';
import type { InvokeMessage } from './messages.ts';

/** More threads than this for one function would only slow each other down; AWS's account limit starts at 1000. */
const ENVIRONMENTS_MAX = 50;

/**
 * The environments of one function. An event takes the one that became idle last (its caches are the warmest), or starts
 * another; none waits for a busy one, as on Lambda.
 */
export class EnvironmentPool {
  readonly #lambda: LambdaFunction;
  readonly #start: (onDeath: () => void) => ExecutionEnvironment;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();

  constructor(lambda: LambdaFunction, start: (onDeath: () => void) => ExecutionEnvironment) {
    this.#lambda = lambda;
    this.#start = start;
  }

  get busyCount(): number {
    return this.#busy.size;
  }

  /** @throws {AwsError} `TooManyRequestsException` when every environment that may exist is busy */
  async run(message: Omit<InvokeMessage, 'deadlineMs'>): Promise<LambdaResult> {
    this.#refuseAboveLimit();
    const environment = this.#idle.pop() ?? this.#add();
    this.#busy.add(environment);
    try {
      return await environment.run(message);
    } finally {
      this.#busy.delete(environment);
      if (!environment.isDead) this.#idle.push(environment);
    }
  }

  /** Starts one environment ahead of the first event, unless there is one. Resolves when its code is loaded. */
  async warm(): Promise<void> {
    if (this.#idle.length + this.#busy.size > 0) return;
    const environment = this.#add();
    this.#idle.push(environment);
    await environment.ready();
  }

  async stop(): Promise<void> {
    const environments = [...this.#idle.splice(0), ...this.#busy];
    await Promise.all(environments.map((environment) => environment.stop()));
  }

  #add(): ExecutionEnvironment {
    const environment: ExecutionEnvironment = this.#start(() => {
      const index = this.#idle.indexOf(environment);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    return environment;
  }

  #refuseAboveLimit(): void {
    const { reservedConcurrency } = this.#lambda;
    if (this.#busy.size < Math.min(reservedConcurrency ?? ENVIRONMENTS_MAX, ENVIRONMENTS_MAX)) return;
    const reason = reservedConcurrency === undefined ? 'Concurrent' : 'ReservedFunctionConcurrent';
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      statusCode: 429,
      fields: { Reason: `${reason}InvocationLimitExceeded` },
    });
  }
}
