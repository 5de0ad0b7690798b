import { Duration, Validations } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export type FailedSettlementsProps = { readonly settlement: StateMachine; readonly topic: ITopic };

/** An alarm only says that some guard has failed. This says which, while the console still shows it. */
export class FailedSettlements extends Construct {
  constructor(scope: Construct, id: string, { settlement, topic }: FailedSettlementsProps) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      description: 'Names each guard that has failed, timed out or been stopped.',
      eventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [settlement.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        {
          id: 'Topic',
          arn: topic.topicArn,
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 10 },
          inputTransformer: {
            inputPathsMap: { name: '$.detail.name', status: '$.detail.status', arn: '$.detail.executionArn' },
            inputTemplate:
              '"The guard <name> ended: <status>. Its payout may be open without one. Next step: docs/runbook.md, \\"A machine failed\\". ' +
              'Execution: <arn>"',
          },
        },
      ],
    });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason:
        'The target is the alarm topic alone, and EventBridge tries it for an hour. The alarm on failed guards counts what it could not tell, and ' +
        'the failed execution itself stays for 90 days.',
    });
  }
}
