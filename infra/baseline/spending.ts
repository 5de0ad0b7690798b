import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BASELINE_NAMES } from './names.ts';

export type SpendingProps = { readonly alertsUsd: readonly number[]; readonly topic: ITopic };

/** Budgets takes no more for one budget (AWS Budgets quotas, "Maximum number of alerts in a budget"). */
const ALERTS_MAX = 5;

/** A budget that nobody could be told of, or of more alerts than AWS Budgets takes. */
export class BudgetAlertsError extends Error {
  override readonly name = 'BudgetAlertsError' as const;
}

/**
 * Tells when the account has cost more than each of the amounts within a month. AWS counts a few times a day: an alert is hours old, and
 * no brake.
 *
 * @throws {BudgetAlertsError} for no alert or more than five.
 */
export class Spending extends Construct {
  constructor(scope: Construct, id: string, { alertsUsd, topic }: SpendingProps) {
    super(scope, id);
    if (alertsUsd.length === 0 || alertsUsd.length > ALERTS_MAX) {
      throw new BudgetAlertsError(`A budget has 1 to ${ALERTS_MAX} alerts, not ${alertsUsd.length}`);
    }
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: BASELINE_NAMES.budget,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: Math.max(...alertsUsd), unit: 'USD' },
      },
      notificationsWithSubscribers: alertsUsd.map((threshold) => ({
        notification: {
          notificationType: 'ACTUAL',
          comparisonOperator: 'GREATER_THAN',
          threshold,
          thresholdType: 'ABSOLUTE_VALUE',
        },
        subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
      })),
    }).node.addDependency(topic);
  }
}
