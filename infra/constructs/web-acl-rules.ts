import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Stage } from '../stages.ts';

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

export type WebAclSettings = NonNullable<Stage['webAcl']>;

/** Over how long WAF counts the requests of one address. */
const RATE_WINDOW_SECONDS = 300;

/**
 * AWS's managed groups, all counting: each puts a label on what it finds, and one rule of ours refuses what has a label and is no webhook.
 * The lists of addresses are named singly, since that group also labels what AWS itself only counts.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const MANAGED_GROUPS = [
  { name: 'AWSManagedRulesCommonRuleSet', labels: ['core-rule-set:'] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', labels: ['known-bad-inputs:'] },
  {
    name: 'AWSManagedRulesAmazonIpReputationList',
    labels: ['amazon-ip-list:AWSManagedIPReputationList', 'amazon-ip-list:AWSManagedReconnaissanceList'],
  },
] as const;

/**
 * A webhook is proven by the function, byte for byte; a rule that took one for an attack would hide the outcome of a payout, so on its route
 * everything counts and nothing is refused.
 */
export function webAclRules(stageName: string, { requestsPerAddress, bodyBytesMax }: WebAclSettings): Rule[] {
  const isWebhook = pathStartsWith(`/${stageName}/webhooks`);
  const notWebhook: Statement = { notStatement: { statement: isWebhook } };
  const tooMany = (scopeDownStatement: Statement): Statement => ({
    rateBasedStatement: {
      aggregateKeyType: 'IP',
      limit: requestsPerAddress,
      evaluationWindowSec: RATE_WINDOW_SECONDS,
      scopeDownStatement,
    },
  });
  const tooLarge = bodyOver(bodyBytesMax);
  const isLabelled: Statement = {
    orStatement: { statements: MANAGED_GROUPS.flatMap(({ labels }) => labels.map(labelled)) },
  };
  const rules: Omit<Rule, 'priority' | 'visibilityConfig'>[] = [
    ...MANAGED_GROUPS.map(({ name }) => ({
      name,
      overrideAction: { count: {} },
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
    })),
    { name: 'Labelled', action: { block: {} }, statement: both(isLabelled, notWebhook) },
    { name: 'TooMany', action: { block: {} }, statement: tooMany(notWebhook) },
    { name: 'TooManyWebhooks', action: { count: {} }, statement: tooMany(isWebhook) },
    { name: 'TooLarge', action: { block: {} }, statement: both(tooLarge, notWebhook) },
    { name: 'TooLargeWebhooks', action: { count: {} }, statement: both(tooLarge, isWebhook) },
  ];
  return rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibilityOf(rule.name) }));
}

/** Samples hold headers, so none are kept. */
export function visibilityOf(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

function both(...statements: Statement[]): Statement {
  return { andStatement: { statements } };
}

/** Decoded and without `..`, so that no spelling of another route looks like this one. */
function pathStartsWith(path: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: 'STARTS_WITH',
      searchString: path,
      textTransformations: [
        { priority: 0, type: 'URL_DECODE' },
        { priority: 1, type: 'NORMALIZE_PATH' },
      ],
    },
  };
}

function bodyOver(bytes: number): Statement {
  return {
    sizeConstraintStatement: {
      // A body beyond what WAF reads is over the limit too.
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: bytes,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}

/** A key that ends in a colon means every label below it. */
function labelled(label: string): Statement {
  const scope = label.endsWith(':') ? 'NAMESPACE' : 'LABEL';
  return { labelMatchStatement: { scope, key: `awswaf:managed:aws:${label}` } };
}
