import { CfnParameter, type Stack } from 'aws-cdk-lib';

/**
 * The address that a stack's alarms go to, as a parameter without a default: no stack is deployed that tells nobody, no address is in
 * the source, and later deployments keep the one that was given first (`cdk deploy Payouts-dev --parameters AlarmEmail=…`).
 */
export function alarmEmailOf(stack: Stack): string {
  return new CfnParameter(stack, 'AlarmEmail', {
    description: 'Where alarms are sent. SNS asks there once to confirm.',
    allowedPattern: '^[^@\\s]+@[^@\\s]+$',
    constraintDescription: 'An e-mail address is needed.',
  }).valueAsString;
}
