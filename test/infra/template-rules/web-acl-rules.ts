import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

type AclRule = {
  readonly Name: string;
  readonly Action?: unknown;
  readonly OverrideAction?: unknown;
  readonly Statement: unknown;
};

/** Path as it must stand in the exception of whatever refuses. */
const NOT_WEBHOOKS =
  /"NotStatement":\{"Statement":\{"ByteMatchStatement":\{[^}]*\{[^}]*\{\}\}[^}]*"SearchString":"\/\w+\/webhooks"/;

export const WEB_ACL_RULES: readonly Rule[] = [
  {
    name: 'every API of production has a firewall in front of it',
    breaches: (stack) =>
      (stack.isProduction ? resourcesOf(stack.template, 'AWS::ApiGateway::Stage') : [])
        .filter(({ logicalId }) => !associationsOf(stack, logicalId).length)
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      resourcesOf(stack.template, 'AWS::ApiGateway::Stage').flatMap(({ logicalId }) =>
        associationsOf(stack, logicalId).map((association) => ({
          breach: logicalId,
          stack: withValue(stack, [association.logicalId], undefined),
        })),
      ),
  },
  {
    name: 'no firewall refuses a webhook',
    breaches: (stack) =>
      aclRulesOf(stack)
        .filter(({ rule }) => !sparesWebhooks(rule))
        .map(({ breach }) => breach),
    sabotages: (stack) =>
      aclRulesOf(stack).map(({ path, rule, breach }) => {
        const { OverrideAction, ...others } = rule;
        const spoilt = OverrideAction
          ? { ...rule, OverrideAction: { None: {} } }
          : { ...others, Action: { Block: {} }, Statement: JSON.parse(withoutNot(rule.Statement)) };
        return { breach, stack: withValue(stack, path, spoilt) };
      }),
  },
  {
    name: 'no firewall writes down what carries a credential',
    breaches: (stack) =>
      resourcesOf(stack.template, 'AWS::WAFv2::LoggingConfiguration')
        .filter(({ Properties }) => !isRedacted(Properties['RedactedFields']))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      resourcesOf(stack.template, 'AWS::WAFv2::LoggingConfiguration').flatMap(({ logicalId, Properties }) =>
        (Properties['RedactedFields'] as readonly unknown[]).slice(0, 2).map((_field, index) => ({
          breach: logicalId,
          stack: withValue(stack, [logicalId, 'Properties', 'RedactedFields', index], undefined),
        })),
      ),
  },
];

function associationsOf({ template }: Stack, stageId: string) {
  return resourcesOf(template, 'AWS::WAFv2::WebACLAssociation').filter(({ Properties }) =>
    JSON.stringify(Properties['ResourceArn']).includes(`"${stageId}"`),
  );
}

function aclRulesOf({ template }: Stack) {
  return resourcesOf(template, 'AWS::WAFv2::WebACL').flatMap(({ logicalId, Properties }) =>
    (Properties['Rules'] as readonly AclRule[]).map((rule, index) => ({
      rule,
      path: [logicalId, 'Properties', 'Rules', index],
      breach: `${logicalId} ${rule.Name}`,
    })),
  );
}

function sparesWebhooks({ Action, OverrideAction, Statement }: AclRule): boolean {
  if (OverrideAction) return at(OverrideAction, 'Count') !== undefined;
  return at(Action, 'Count') !== undefined || NOT_WEBHOOKS.test(JSON.stringify(Statement));
}

function withoutNot(statement: unknown): string {
  return JSON.stringify(statement).replaceAll('"NotStatement":{"Statement":', '"OrStatement":{"Statements":');
}

function isRedacted(fields: unknown): boolean {
  const names = (fields as readonly unknown[]).map((field) => at(field, 'SingleHeader', 'Name'));
  return names.includes('authorization') && names.includes('x-amz-security-token');
}
