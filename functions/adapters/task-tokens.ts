import {
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { TaskTokens } from '../shared/ports.ts';

/** The doorbell has no message: the outcome is in the table, and whoever wakes up reads it there. */
const NO_MESSAGE = '{}';

/**
 * Rings through Step Functions. Safe to repeat.
 * `TaskTimedOut`: the task has ended, or was answered already. `TaskDoesNotExist`: its execution is gone. `InvalidToken`: it is no
 * token any more (https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html). Nobody waits behind any of them.
 */
export function createTaskTokens(client: SFNClient): TaskTokens {
  return {
    async ring(taskToken) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: NO_MESSAGE }));
      } catch (error) {
        if (!isNobodyWaiting(error)) throw error;
      }
    },
  };
}

function isNobodyWaiting(error: unknown): boolean {
  return error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
}
