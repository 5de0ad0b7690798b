import type { Stage } from '../../infra/stages.ts';
import { resourceAt, synthesised } from '../infra/synthesis.ts';

/** The text of each machine's definition. */
export type Definitions = { readonly submission: string; readonly settlement: string };

/**
 * The machines as they are deployed. What CloudFormation fills in (names, ARNs) stands for itself by its placeholder's name:
 * `TransactionsTableName`, `SubmitPaymentFunctionArn`.
 */
export function definitionsOf(stage: Stage): Definitions {
  const template = synthesised(stage);
  const textOf = (name: string) => {
    const { Properties } = resourceAt(template, 'AWS::StepFunctions::StateMachine', `StateMachines${name}`);
    return String(Properties['DefinitionString']).replaceAll(/\$\{(\w+)\}/g, '$1');
  };
  return { submission: textOf('PayoutSubmission'), settlement: textOf('PayoutSettlement') };
}
