/** One execution environment: what runs in its worker thread (see worker-code.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { SharedOffset } from '../clock.ts';
import { errorBody } from './error-body.ts';
import type { InvokeMessage, ServiceMessage, WorkerMessage, WorkerSetup } from './messages.ts';
import { callAwsByMessage } from './worker-aws-calls.ts';
import { shiftDate } from './worker-clock.ts';
import { type Handler, loadHandler } from './worker-handler.ts';
import { captureOutput } from './worker-output.ts';
import { giveWayToMainThread } from './worker-priority.ts';

const setup: WorkerSetup = workerData;
let requestId: string | undefined;

const send = (message: WorkerMessage) => parentPort?.postMessage(message);

giveWayToMainThread();
shiftDate(new SharedOffset(setup.clockOffset));
const onAwsAnswer = callAwsByMessage(setup.awsUrl, send);
const output = captureOutput({
  onLine: (line) => send({ kind: 'log', line }),
  requestId: () => requestId,
  logFormat: setup.logFormat,
});

/** There before the first event: none comes until the code is loaded. */
let handler: Handler | undefined;
// The code may call AWS while it is loaded.
parentPort?.on('message', (message: ServiceMessage) => {
  if (message.kind === 'aws-answer') onAwsAnswer(message);
  else void invoke(message);
});

process.on('unhandledRejection', (reason) => {
  const { trace } = errorBody(reason);
  crash({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason), trace }, 128);
});
process.on('uncaughtException', (error) => crash(errorBody(error), 129));

/** The exit codes are those of Lambda's Node.js runtime. */
function crash(error: ReturnType<typeof errorBody>, exitCode: number): void {
  console.error('Unhandled', error.errorType, error.trace.join('\n'));
  output.flush();
  send({ kind: 'crashed', error });
  process.exit(exitCode);
}

async function invoke(message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  process.env['_X_AMZN_TRACE_ID'] = message.traceHeader;
  const outcome = await runHandler(message);
  output.flush();
  requestId = undefined;
  send(outcome);
}

async function runHandler(message: InvokeMessage): Promise<WorkerMessage> {
  const { requestId } = message;
  try {
    const result = await handler?.(JSON.parse(message.payload), contextOf(message));
    return { kind: 'succeeded', requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    const error = errorBody(thrown);
    console.error('Invoke Error', JSON.stringify(error));
    return { kind: 'failed', requestId, error };
  }
}

/** The context object of the Lambda guide, "Using the Lambda context object"; Node 24 has no callback members. */
function contextOf(message: InvokeMessage) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: setup.functionName,
    functionVersion: setup.functionVersion,
    invokedFunctionArn: message.invokedFunctionArn,
    memoryLimitInMB: String(setup.memorySizeMb),
    awsRequestId: message.requestId,
    logGroupName: setup.logGroupName,
    logStreamName: setup.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

try {
  handler = await loadHandler(setup.codeDirectory, setup.handler);
  send({ kind: 'ready' });
} catch (error) {
  output.flush();
  send({ kind: 'init-failed', error: errorBody(error) });
}
