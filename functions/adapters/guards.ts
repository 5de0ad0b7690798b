import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { guardName } from '../../domain/guard.ts';
import type { Guards } from '../shared/ports.ts';

/**
 * Starts guards through Step Functions. Safe to repeat: the same name with the same input finds the running one, and
 * `ExecutionAlreadyExists` says that this guard has had its life
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export function createGuards(client: SFNClient, stateMachineArn: string): Guards {
  return {
    async start(transactionId, number) {
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: guardName(transactionId, number),
            // Nothing but the id, as the submission starts it: another input would be another execution.
            input: JSON.stringify({ transaction_id: transactionId }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
