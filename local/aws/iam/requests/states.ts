import type { JsonObject } from '../../../json.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { type ServiceRequests, textIn } from './need.ts';

const ON_MACHINES: ReadonlySet<string> = new Set([
  'DescribeStateMachine',
  'ListExecutions',
  'StartExecution',
  'StartSyncExecution',
]);
const ON_EXECUTIONS: ReadonlySet<string> = new Set(['DescribeExecution', 'GetExecutionHistory', 'StopExecution']);
const ON_TOKENS: ReadonlySet<string> = new Set(['SendTaskFailure', 'SendTaskHeartbeat', 'SendTaskSuccess']);

/** The machine's ARN has seven parts; an eighth is a version or an alias. */
const MACHINE_PARTS = 7;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export function statesRequests(executionOfToken: (token: string) => string | undefined): ServiceRequests {
  return {
    needs(action, input) {
      const name = `states:${action}`;
      if (action === 'ListStateMachines') return [{ action: name, resource: '*' }];
      if (ON_MACHINES.has(action)) return [{ action: name, resource: machineArn(input) }];
      if (ON_EXECUTIONS.has(action)) return [{ action: name, resource: textIn(input, 'executionArn') }];
      if (ON_TOKENS.has(action)) return onMachineOf(name, executionOfToken(textIn(input, 'taskToken')));
      throw unknownAction('states', action);
    },
    refusal: (message) => new AwsError('AccessDeniedException', message),
  };
}

/** Starting by version or alias is authorised on the machine itself. */
function machineArn(input: JsonObject): string {
  return textIn(input, 'stateMachineArn').split(':').slice(0, MACHINE_PARTS).join(':');
}

/** A token is authorised on the machine whose task waits for it; what is no token at all is refused by the service. */
function onMachineOf(action: string, executionArn: string | undefined): Need[] {
  if (executionArn === undefined) return [];
  const parts = executionArn.replace(':execution:', ':stateMachine:').split(':').slice(0, MACHINE_PARTS);
  return [{ action, resource: parts.join(':') }];
}
