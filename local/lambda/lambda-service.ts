import { randomBytes } from 'node:crypto';
import type { CredentialStore } from '../aws/credentials.ts';
import type { WireAnswer } from '../aws/json-protocol.ts';
import type { SignedRequest } from '../aws/sigv4.ts';
import { AwsError } from '../aws/wire.ts';
import type { Clock, SharedOffset } from '../clock.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { environmentVariables } from './environment-variables.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { LambdaFunction, LambdaResult } from './lambda-function.ts';

/** Bytes of a synchronous request's payload: "RequestEntityTooLargeException ... limit 6291456 bytes". */
const REQUEST_BYTES_MAX = 6_291_456;

export type LambdaServiceOptions = {
  readonly clock: Clock & { readonly offset: SharedOffset };
  readonly credentials: CredentialStore;
  readonly region: string;
  /** The endpoint that the functions' SDKs call. */
  readonly awsUrl: string;
  /** Answers what they call there, without a socket in between. Never rejects. */
  answerAws(request: SignedRequest): Promise<WireAnswer>;
  newId(): string;
  /** `roleArn` is the function's: what it prints is written with its rights. */
  putLog(logGroupName: string, logStreamName: string, message: string, timestampMs: number, roleArn: string): void;
};

export type InvokeOptions = {
  /** Ends the caller's wait. A function that has begun goes on: Lambda has no way to stop one either. */
  readonly signal?: AbortSignal;
  readonly traceHeader?: string;
};

type Runnable = { readonly lambda: LambdaFunction; readonly pool: EnvironmentPool };

type Target = {
  /** By version; `$LATEST` is what the template holds. */
  readonly versions: Map<string, Runnable>;
  /** The version that each alias leads to. */
  readonly aliases: Map<string, string>;
};

const LATEST = '$LATEST';

/** Runs the template's functions in worker threads of this process. */
export class LambdaService {
  readonly #options: LambdaServiceOptions;
  readonly #targets = new Map<string, Target>();

  constructor(options: LambdaServiceOptions) {
    this.#options = options;
  }

  /** @throws {AwsError} `ResourceConflictException` for a name that is taken */
  add(lambda: LambdaFunction): void {
    if (this.#targets.has(lambda.name)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${lambda.name}`, { statusCode: 409 });
    }
    this.#targets.set(lambda.name, { versions: new Map([[LATEST, this.#runnable(lambda)]]), aliases: new Map() });
  }

  /**
   * Makes the function callable by a version too: what `$LATEST` is, or another code or configuration, in environments of its own.
   * @throws {AwsError} `ResourceNotFoundException`
   */
  publishVersion(functionName: string, version: string, lambda?: LambdaFunction): void {
    const { versions } = this.#target(functionName);
    const latest = versions.get(LATEST);
    const runnable = lambda ? this.#runnable(lambda) : latest;
    if (runnable) versions.set(version, runnable);
  }

  /** Lets an alias lead to a version, from the next call on. @throws {AwsError} `ResourceNotFoundException` for an unknown one */
  setAlias(functionName: string, alias: string, version: string): void {
    const { versions, aliases } = this.#target(functionName);
    if (!versions.has(version)) throw notFound(`${functionName}:${version}`);
    aliases.set(alias, version);
  }

  /** The version that an alias leads to. @throws {AwsError} `ResourceNotFoundException` */
  aliasVersion(functionName: string, alias: string): string {
    const version = this.#target(functionName).aliases.get(alias);
    if (version === undefined) throw notFound(`${functionName}:${alias}`);
    return version;
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  describe(target: string): LambdaFunction {
    return this.#find(target).lambda;
  }

  /** How many events are being run right now. */
  get busyCount(): number {
    let count = 0;
    for (const pool of this.#pools()) count += pool.busyCount;
    return count;
  }

  /** Environments that load their code. */
  get startingCount(): number {
    let count = 0;
    for (const pool of this.#pools()) count += pool.startingCount;
    return count;
  }

  /**
   * Runs one event to its end (`RequestResponse`). `target` is a name or an ARN, with or without a version or alias.
   * A function that fails is a result with `functionError`, not a rejection.
   *
   * @throws {AwsError} `ResourceNotFoundException`, `RequestEntityTooLargeException`, `TooManyRequestsException`
   * @throws the signal's reason once it is aborted
   */
  async invoke(target: string, payload: string, options: InvokeOptions = {}): Promise<LambdaResult> {
    const { lambda, pool, qualifiedArn } = this.#find(target);
    refuseTooLarge(payload);
    options.signal?.throwIfAborted();
    const result = pool.run(
      {
        requestId: this.#options.newId(),
        payload,
        invokedFunctionArn: qualifiedArn(lambda.arn),
        traceHeader: options.traceHeader ?? this.#newTraceHeader(),
      },
      options.signal,
    );
    return options.signal ? orAborted(result, options.signal) : result;
  }

  /** Loads every function's code once, at the same time, so that the first event need not wait for it. Safe to repeat. */
  async warm(): Promise<void> {
    await Promise.all(this.#pools().map((pool) => pool.warm()));
  }

  /** Ends every thread at once; events in flight fail as if their environment had been killed. */
  async stop(): Promise<void> {
    await Promise.all(this.#pools().map((pool) => pool.stop()));
  }

  #find(target: string): Runnable & { qualifiedArn: (arn: string) => string } {
    const { qualifier } = parsed(target);
    const { versions, aliases } = this.#target(target);
    const found = versions.get(aliases.get(qualifier ?? LATEST) ?? qualifier ?? LATEST);
    if (!found) throw notFound(target);
    return { ...found, qualifiedArn: (arn) => (qualifier === undefined ? arn : `${arn}:${qualifier}`) };
  }

  #target(target: string): Target {
    const found = this.#targets.get(parsed(target).name);
    if (!found) throw notFound(target);
    return found;
  }

  #runnable(lambda: LambdaFunction): Runnable {
    const pool = new EnvironmentPool(lambda, this.#options.clock, (onDeath) => this.#start(lambda, onDeath));
    return { lambda, pool };
  }

  /** Each once: a version may share that of `$LATEST`. */
  #pools(): EnvironmentPool[] {
    const all = [...this.#targets.values()].flatMap(({ versions }) => [...versions.values()]);
    return [...new Set(all.map(({ pool }) => pool))];
  }

  #start(lambda: LambdaFunction, onDeath: () => void): ExecutionEnvironment {
    const { clock, credentials, putLog, answerAws, awsUrl } = this.#options;
    const date = new Date(clock.nowMs()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStreamName = `${date}/[$LATEST]${randomBytes(16).toString('hex')}`;
    return new ExecutionEnvironment({
      clock,
      setup: {
        codeDirectory: lambda.codeDirectory,
        handler: lambda.handler,
        clockOffset: clock.offset.buffer,
        functionName: lambda.name,
        functionVersion: '$LATEST',
        memorySizeMb: lambda.memorySizeMb,
        logGroupName: lambda.logGroupName,
        logStreamName,
        logFormat: lambda.logFormat,
        awsUrl,
      },
      variables: environmentVariables(lambda, credentials.forRole(lambda.roleArn), logStreamName, this.#options),
      timeoutMs: lambda.timeoutMs,
      answerAws: ({ method, path, headers, body }) => answerAws({ method, path, headers, body: Buffer.from(body) }),
      onLogLine: (line) => putLog(lambda.logGroupName, logStreamName, line, clock.nowMs(), lambda.roleArn),
      onDeath,
    });
  }

  /** X-Ray's header, not sampled: nothing here collects traces, but functions may log the root's id. */
  #newTraceHeader(): string {
    const seconds = Math.floor(this.#options.clock.nowMs() / 1000).toString(16);
    const root = `1-${seconds}-${randomBytes(12).toString('hex')}`;
    return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
  }
}

/** By a name or an ARN, with or without a version or alias behind it. */
function parsed(target: string): { readonly name: string; readonly qualifier: string | undefined } {
  const [name = '', qualifier] = target.startsWith('arn:') ? target.split(':').slice(6) : target.split(':');
  return { name, qualifier };
}

function notFound(target: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${target}`, { statusCode: 404 });
}

function refuseTooLarge(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= REQUEST_BYTES_MAX) return;
  const message = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${REQUEST_BYTES_MAX} bytes)`;
  throw new AwsError('RequestEntityTooLargeException', message, { statusCode: 413 });
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
