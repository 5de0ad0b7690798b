import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { LIVE } from './payout-function.ts';
import type { PayoutFunctions } from './payout-functions.ts';
import type { StateMachines } from './state-machines.ts';

export type LiveVersionsProps = {
  readonly names: Names;
  readonly functions: PayoutFunctions;
  readonly machines: StateMachines;
};

/**
 * Which versions belong together. Each deployment that publishes any writes all of them here, and the parameter's history is what
 * `payouts rollback` goes back by: the version before the newest of one function may be older than the last deployment.
 */
export class LiveVersions extends Construct {
  constructor(scope: Construct, id: string, { names, functions, machines }: LiveVersionsProps) {
    super(scope, id);
    new StringParameter(this, 'Parameter', {
      parameterName: names.liveVersionsParameter,
      description: 'The versions of functions and machines that belong together, for payouts rollback.',
      stringValue: Stack.of(this).toJsonString({
        alias: LIVE,
        functions: functions.versions(names),
        machines: machines.versionArns,
      }),
    });
  }
}
