import { Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export type ServiceRoleProps = {
  /** The only service that may assume it, such as `lambda.amazonaws.com`. */
  readonly service: string;
  readonly description?: string;
  /** All that it may do, beside what a construct adds for its own log and traces. */
  readonly statements?: readonly PolicyStatement[];
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-choosing-managed-or-inline.html */
export const INLINE_POLICY = {
  id: 'NIST.800.53.R5-IAMNoInlinePolicy',
  reason:
    'The policy belongs to this one role and to nothing else: it is made, changed and deleted with it, and being inline it can be ' +
    'attached to no other principal. AWS names that one-to-one relationship as the case for inline policies.',
};

/** A role that one AWS service assumes for one piece of the system. */
export function serviceRole(scope: Construct, id: string, props: ServiceRoleProps): Role {
  const { service, description, statements = [] } = props;
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    ...(description === undefined ? {} : { description }),
  });
  for (const statement of statements) role.addToPolicy(statement);
  Validations.of(role).acknowledge(INLINE_POLICY);
  return role;
}
