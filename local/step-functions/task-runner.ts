import type { JsonValue } from '../json.ts';

/** One call of a task: once for each attempt. */
export type TaskCall = {
  /** As the definition has it, e.g. `arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken`. */
  readonly resource: string;
  /** The evaluated `Arguments`; frozen. */
  readonly arguments: JsonValue;
  readonly roleArn: string;
  readonly stateMachineArn: string;
  readonly executionArn: string;
  /** Aborted when the task times out or the execution ends; what was sent may have been done all the same. */
  readonly signal: AbortSignal;
};

/** Does the work of a Task. Rejects with TaskError; a task that waits for its token resolves when its call was answered. */
export type TaskRunner = (call: TaskCall) => Promise<JsonValue>;
