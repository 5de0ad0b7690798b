import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { failure, type LambdaResult } from './lambda-function.ts';
import type {
  AwsAnswerMessage,
  AwsCallMessage,
  InvokeMessage,
  LambdaErrorBody,
  ServiceMessage,
  WorkerMessage,
  WorkerSetup,
} from './messages.ts';
import { workerCode } from './worker-code.ts';

/** The response of a synchronous invocation holds at most this many bytes ("Lambda quotas" of the Lambda guide: 6 MB). */
const RESPONSE_BYTES_MAX = 6_291_556;

/** "Init phase limit: 10 seconds", Lambda execution environment lifecycle of the Lambda guide. */
const INIT_TIMEOUT_MS = 10_000;

export type EnvironmentOptions = {
  readonly clock: Clock;
  readonly setup: WorkerSetup;
  readonly variables: Record<string, string>;
  readonly timeoutMs: number;
  /** Never rejects. */
  answerAws(call: AwsCallMessage): Promise<Omit<AwsAnswerMessage, 'kind' | 'id'>>;
  onLogLine(line: string): void;
  /** Called once when the environment can take no further event. */
  onDeath(): void;
};

/**
 * One worker thread that has loaded the function's code and runs one event at a time. It lives until its code crashes,
 * exits or times out; after that the next event needs another one, as on Lambda.
 */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #initialised: Promise<LambdaErrorBody | undefined>;
  #settleInit: (error: LambdaErrorBody | undefined) => void = () => {};
  #running: { message: InvokeMessage; settle: (result: LambdaResult) => void } | undefined;
  #crash: LambdaErrorBody | undefined;
  #isDead = false;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#initialised = new Promise((settle) => {
      this.#settleInit = settle;
    });
    this.#worker = new Worker(workerCode(), {
      workerData: options.setup,
      env: options.variables,
      // Not the parent's: a test runner's or a debugger's options would reach the function.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.setup.memorySizeMb },
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onError(error));
    this.#worker.on('exit', (code) => this.#onExit(code));
    this.#limitInit();
  }

  /** Resolves when the code is loaded, or has failed to load. */
  async ready(): Promise<void> {
    await this.#initialised;
  }

  /**
   * Runs one event. Never rejects: whatever goes wrong is the invocation's result, as the Invoke API answers it. The next
   * event may be given only after this one's result.
   */
  async run(message: Omit<InvokeMessage, 'kind' | 'deadlineMs'>): Promise<LambdaResult> {
    const initError = await this.#initialised;
    if (initError) return failure(initError);
    if (this.#isDead) return failure(exitError(message.requestId, undefined));
    return new Promise((settle) => {
      const { clock, timeoutMs } = this.#options;
      const cancelTimeout = clock.after(timeoutMs, () => this.#onTimeout());
      const withDeadline: InvokeMessage = { kind: 'invoke', ...message, deadlineMs: clock.nowMs() + timeoutMs };
      this.#running = {
        message: withDeadline,
        settle: (result) => {
          cancelTimeout();
          this.#running = undefined;
          settle(result);
        },
      };
      this.#post(withDeadline);
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Ends the thread at once, whatever it is doing. Safe to repeat. */
  async stop(): Promise<void> {
    this.#die();
    await this.#worker.terminate();
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.kind) {
      case 'aws-call':
        void this.#options.answerAws(message).then((answer) => {
          this.#post({ kind: 'aws-answer', id: message.id, ...answer });
        });
        break;
      case 'ready':
        this.#settleInit(undefined);
        break;
      case 'init-failed':
        this.#failInit(message.error);
        break;
      case 'log':
        this.#options.onLogLine(message.line);
        break;
      case 'succeeded':
        this.#running?.settle(withinLimit(message.payload));
        break;
      case 'failed':
        this.#running?.settle(failure(message.error));
        break;
      case 'crashed':
        this.#crash = message.error;
        this.#end(failure(message.error));
        break;
    }
  }

  #post(message: ServiceMessage): void {
    this.#worker.postMessage(message);
  }

  /** What reaches us here is no error of the handler: the thread ran out of memory or could not be started. */
  #onError(error: Error): void {
    const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const reason = isOutOfMemory ? 'signal: killed' : error.message;
    this.#options.onLogLine(`Runtime exited with error: ${reason}`);
    this.#end(failure(exitError(this.#running?.message.requestId, reason)));
  }

  #onExit(code: number): void {
    const reason = code === 0 ? undefined : `exit status ${code}`;
    this.#end(failure(this.#crash ?? exitError(this.#running?.message.requestId, reason)));
  }

  #onTimeout(): void {
    const { timeoutMs } = this.#options;
    const requestId = this.#running?.message.requestId;
    const text = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#options.onLogLine(`${new Date(this.#options.clock.nowMs()).toISOString()} ${requestId} ${text}`);
    this.#end(failure({ errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${text}` }));
  }

  /**
   * Bounds the initialisation. Lambda then starts it again within the invocation; here the invocation fails, which is
   * what a second attempt of the same code would come to (assumption).
   */
  #limitInit(): void {
    const cancel = this.#options.clock.after(INIT_TIMEOUT_MS, () => {
      const errorMessage = `Error: Initialisation took longer than ${INIT_TIMEOUT_MS / 1000} seconds`;
      this.#failInit({ errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
    });
    void this.#initialised.then(cancel);
  }

  #failInit(error: LambdaErrorBody): void {
    this.#options.onLogLine(`Init failed: ${JSON.stringify(error)}`);
    this.#settleInit(error);
    this.#end(failure(error));
  }

  #end(result: LambdaResult): void {
    this.#settleInit(undefined);
    this.#die();
    this.#running?.settle(result);
    void this.#worker.terminate();
  }

  #die(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#options.onDeath();
  }
}

function withinLimit(payload: string): LambdaResult {
  if (Buffer.byteLength(payload) <= RESPONSE_BYTES_MAX) return { payload };
  return failure({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
  });
}

/** The text of Lambda's own message for a process that ended without an answer. */
function exitError(requestId: string | undefined, reason: string | undefined): LambdaErrorBody {
  const end =
    reason === undefined ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${reason}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId ?? 'none'} Error: ${end}`, trace: [] };
}
