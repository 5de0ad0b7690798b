/** What the service and the worker thread of an execution environment say to each other. */

/** The error body that Lambda answers with; what Step Functions matches is `errorType`. */
export type LambdaErrorBody = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** What a worker is started with. */
export type WorkerSetup = {
  /** The folder that the function's asset was unpacked to. */
  readonly codeDirectory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  /** Shared memory of the clock's offset, see SharedOffset. */
  readonly clockOffset: SharedArrayBuffer;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memorySizeMb: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logFormat: 'JSON' | 'Text';
  /** The AWS endpoint, as the function's variables name it: calls of it come here as messages. */
  readonly awsUrl: string;
};

export type InvokeMessage = {
  readonly kind: 'invoke';
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedFunctionArn: string;
  /** When the function is ended, in milliseconds of the local clock. */
  readonly deadlineMs: number;
  readonly traceHeader: string;
};

/** A call of AWS, as the function's SDK would send it over HTTP. */
export type AwsCallMessage = {
  readonly kind: 'aws-call';
  /** Counts the calls of one thread. */
  readonly id: number;
  readonly method: string;
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

export type AwsAnswerMessage = {
  readonly kind: 'aws-answer';
  readonly id: number;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type ServiceMessage = InvokeMessage | AwsAnswerMessage;

export type WorkerMessage =
  | AwsCallMessage
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: LambdaErrorBody }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'succeeded'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: LambdaErrorBody }
  /** Something nobody awaited has failed: the running invocation ends with this error and so does the worker. */
  | { readonly kind: 'crashed'; readonly error: LambdaErrorBody };
