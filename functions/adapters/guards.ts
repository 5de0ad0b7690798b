import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { guardName } from '../../domain/guard.ts';
import type { Guards, NowMs } from '../shared/ports.ts';

/** A guard whose start lies further back was not started by this call. More than two services' clocks differ by. */
const JUST_NOW_MS = 10_000;

/**
 * Starts guards through Step Functions. Safe to repeat: the same name with the same input finds the running one, and
 * `ExecutionAlreadyExists` says that this guard has had its life
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export function createGuards(client: SFNClient, stateMachineArn: string, nowMs: NowMs = Date.now): Guards {
  return {
    async start(transactionId, number) {
      try {
        const { startDate } = await client.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: guardName(transactionId, number),
            // Nothing but the id, as the submission starts it: another input would be another execution.
            input: JSON.stringify({ transaction_id: transactionId }),
          }),
        );
        // A running one answers with its own start.
        return startDate !== undefined && startDate.getTime() < nowMs() - JUST_NOW_MS ? 'running' : 'started';
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
        return 'ended';
      }
    },
  };
}
