import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { JsonObject } from '../../json.ts';
import { AwsError } from '../wire.ts';
import { sqsError } from './errors.ts';
import type { Queue } from './queue.ts';

/** AWS's words for why a task ended without having moved everything. */
type FailureReason = 'CouldNotDetermineMessageSource' | 'AWS.SimpleQueueService.NonExistentQueue';

type Task = {
  readonly id: string;
  readonly source: Queue;
  /** Undefined: each message goes back to the queue that it came from. */
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly toMove: number;
  readonly startedAtMs: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason: FailureReason | undefined;
};

export type StartedTask = {
  readonly source: Queue;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
};

/** "Gets the most recent message movement tasks (up to 10)". */
const KEPT_MAX = 10;
/** One step of a task that may go as fast as it can. */
const AT_ONCE_MAX = 100;

/**
 * Moves dead letters, by the clock: what the console's "Start DLQ redrive" calls. A task moves what is visible in its queue until
 * nothing is; it ends with the process.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html; answers and refusals as recorded on
 * AWS (localstack/localstack, tests/aws/services/sqs/test_sqs_move_task.snapshot.json).
 */
export class MoveTasks {
  readonly #clock: Clock;
  readonly #queues: () => readonly Queue[];
  /** Newest first. */
  #tasks: Task[] = [];

  constructor(deps: { clock: Clock; queues: () => readonly Queue[] }) {
    this.#clock = deps.clock;
    this.#queues = deps.queues;
  }

  /** @throws {AwsError} InvalidParameterValue where it is nobody's dead-letter queue, or a task of it is running */
  start({ source, destinationArn, perSecond }: StartedTask): JsonObject {
    const isDeadLetterQueue = this.#queues().some(
      ({ settings }) => settings.redrive?.deadLetterTargetArn === source.arn,
    );
    if (!isDeadLetterQueue) {
      throw sqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    if (this.#tasks.some((task) => task.source === source && task.status === 'RUNNING')) {
      const only = 'Only one active task is allowed for a source queue arn at a given time.';
      throw sqsError('InvalidParameterValue', `There is already a task running. ${only}`);
    }
    const startedAtMs = this.#clock.nowMs();
    const toMove = source.counts().visible;
    const state = { moved: 0, status: 'RUNNING' as const, failureReason: undefined };
    const task: Task = { id: randomUUID(), source, destinationArn, perSecond, toMove, startedAtMs, ...state };
    this.#tasks = [task, ...this.#tasks];
    this.#forgetOldest(source);
    this.#later(task);
    return { TaskHandle: handleOf(task) };
  }

  /** Of one queue, newest first. */
  list(source: Queue, countMax: number): JsonObject {
    const tasks = this.#tasks.filter((task) => task.source === source).slice(0, countMax);
    return { Results: tasks.map(render) };
  }

  /** What was moved stays moved. @throws {AwsError} ResourceNotFoundException, InvalidParameterValue */
  cancel(handle: string): JsonObject {
    const { taskId, sourceArn } = readHandle(handle);
    if (!this.#queues().some(({ arn }) => arn === sourceArn)) throw notFound('SourceArn');
    const task = this.#tasks.find(({ id }) => id === taskId);
    if (!task) throw new AwsError('ResourceNotFoundException', 'Task does not exist.', NOT_FOUND);
    if (task.status !== 'RUNNING') {
      throw sqsError('InvalidParameterValue', 'Task in terminal state can not be cancelled.');
    }
    task.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  #later(task: Task): void {
    const delayMs = task.perSecond === undefined ? 0 : 1000 / task.perSecond;
    this.#clock.after(delayMs, () => {
      if (task.status !== 'RUNNING') return;
      this.#step(task, task.perSecond === undefined ? AT_ONCE_MAX : 1);
      if (task.status === 'RUNNING') this.#later(task);
    });
  }

  #step(task: Task, countMax: number): void {
    for (let count = 0; count < countMax; count++) {
      const result = this.#moveOne(task);
      if (result === 'moved') {
        task.moved += 1;
        continue;
      }
      task.status = result === 'none' ? 'COMPLETED' : 'FAILED';
      task.failureReason = result === 'none' ? undefined : result;
      return;
    }
  }

  #moveOne({ source, destinationArn }: Task): 'moved' | 'none' | FailureReason {
    const message = source.oldestVisible();
    if (!message) return 'none';
    const arn = destinationArn ?? message.deadLetterSourceArn;
    if (arn === undefined) return 'CouldNotDetermineMessageSource';
    const destination = this.#queues().find((queue) => queue.arn === arn);
    if (!destination) return 'AWS.SimpleQueueService.NonExistentQueue';
    source.moveAsNew(message, destination);
    return 'moved';
  }

  #forgetOldest(source: Queue): void {
    const [, ...tooOld] = this.#tasks.filter((task) => task.source === source).slice(KEPT_MAX - 1);
    this.#tasks = this.#tasks.filter((task) => !tooOld.includes(task));
  }
}

const NOT_FOUND = { statusCode: 404, queryCode: 'ResourceNotFoundException' };

export function notFound(parameter: 'SourceArn' | 'DestinationArn'): AwsError {
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  return new AwsError('ResourceNotFoundException', message, NOT_FOUND);
}

function render(task: Task): JsonObject {
  const { source, destinationArn, perSecond, failureReason, status } = task;
  return {
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
    ...(failureReason !== undefined && { FailureReason: failureReason }),
    ...(perSecond !== undefined && { MaxNumberOfMessagesPerSecond: perSecond }),
    SourceArn: source.arn,
    StartedTimestamp: Math.floor(task.startedAtMs),
    Status: status,
    // Only a running task can be cancelled, and so only it has a handle.
    ...(status === 'RUNNING' && { TaskHandle: handleOf(task) }),
  };
}

function handleOf({ id, source }: Task): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString('base64');
}

/** @throws {AwsError} InvalidParameterValue */
export function readHandle(handle: string): { readonly taskId: string; readonly sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString('utf8'));
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // Said below, as for anything else that is no handle.
  }
  throw sqsError('InvalidParameterValue', 'Value for parameter TaskHandle is invalid.');
}
