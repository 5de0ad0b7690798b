import {
  CfnCondition,
  CfnParameter,
  CfnResource,
  DefaultStackSynthesizer,
  Duration,
  Fn,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { CfnOIDCProvider, FederatedPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { INLINE_POLICY } from '../constructs/service-role.ts';
import { BASELINE_NAMES } from './names.ts';

export type GitHubRolesProps = {
  /** Each gets a role that deploys it and one that only compares. */
  readonly stages: readonly string[];
  /** An account can have one provider for an issuer. */
  readonly makesProvider: boolean;
};

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';
const SESSION_HOURS = 1;

/** What `cdk bootstrap` made, by its part in the name of the role. */
type BootstrapRole = 'deploy' | 'file-publishing' | 'lookup';

/**
 * Lets GitHub's workflows deploy without a key that could be lost: each role trusts the tokens of one environment of one repository,
 * and may do nothing but assume roles of `cdk bootstrap`. Without the parameter GitHubRepository there is none of it.
 * https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export class GitHubRoles extends Construct {
  readonly #repository: CfnParameter;
  readonly #isWanted: CfnCondition;

  constructor(scope: Construct, id: string, { stages, makesProvider }: GitHubRolesProps) {
    super(scope, id);
    this.#repository = new CfnParameter(Stack.of(this), 'GitHubRepository', {
      description: 'OWNER/NAME of the repository whose workflows may deploy; empty for none.',
      default: '',
      allowedPattern: '^$|^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$',
      constraintDescription: 'OWNER/NAME is needed, or nothing.',
    });
    this.#isWanted = new CfnCondition(Stack.of(this), 'HasGitHubRepository', {
      expression: Fn.conditionNot(Fn.conditionEquals(this.#repository.valueAsString, '')),
    });
    const provider = makesProvider ? this.#provider() : undefined;
    for (const stage of stages) {
      const deploy = this.#role(BASELINE_NAMES.deployRole(stage), stage, ['deploy', 'file-publishing', 'lookup']);
      const diff = this.#role(BASELINE_NAMES.diffRole(stage), `${stage}-diff`, ['lookup']);
      if (provider) for (const role of [deploy, diff]) role.node.addDependency(provider);
    }
  }

  #provider(): CfnOIDCProvider {
    const provider = new CfnOIDCProvider(this, 'Provider', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] });
    return this.#onlyIfWanted(provider);
  }

  #role(roleName: string, environment: string, bootstrapRoles: readonly BootstrapRole[]): Role {
    const subject = `repo:${this.#repository.valueAsString}:environment:${environment}`;
    const role = new Role(this, roleName, {
      roleName,
      description: `GitHub's environment ${environment}.`,
      maxSessionDuration: Duration.hours(SESSION_HOURS),
      assumedBy: new FederatedPrincipal(
        Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: ISSUER }),
        { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: bootstrapRoles.map((part) => this.#bootstrapRoleArn(part)),
      }),
    );
    Validations.of(role).acknowledge(INLINE_POLICY);
    for (const child of role.node.findAll()) if (CfnResource.isCfnResource(child)) this.#onlyIfWanted(child);
    return role;
  }

  #bootstrapRoleArn(part: BootstrapRole): string {
    const { account, region, partition } = Stack.of(this);
    const name = `cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-${part}-role-${account}-${region}`;
    return `arn:${partition}:iam::${account}:role/${name}`;
  }

  #onlyIfWanted<Resource extends CfnResource>(resource: Resource): Resource {
    resource.cfnOptions.condition = this.#isWanted;
    return resource;
  }
}
