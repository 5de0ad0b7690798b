import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnAlias, Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { environmentSchema } from '../../functions/smoke-test/environment.ts';
import { FUNCTION_NAMES, type FunctionName, SMOKE_TEST } from '../function-names.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { EnvironmentOf } from './function-specs.ts';
import { HouseFunction } from './house-function.ts';
import { LIVE } from './payout-function.ts';
import type { PayoutFunctions } from './payout-functions.ts';
import { serviceRole } from './service-role.ts';

export type DeploymentsProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly logKey: IKey;
  readonly functions: PayoutFunctions;
  readonly code: Code;
  /** What a deployment of each function is undone for. None may depend on an alias: an alias depends on its deployments. */
  readonly alarms: Readonly<Record<FunctionName, readonly IAlarm[]>>;
};

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const CONFIGURATIONS = {
  'all-at-once': 'CodeDeployDefault.LambdaAllAtOnce',
  canary: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
} as const satisfies Record<Stage['deployments'], string>;

/** All versions, one after the other, and what it waits for a permission to be known. */
const SMOKE_TEST_SECONDS = 29;

const REASONS = {
  noDeadLetters:
    'CodeDeploy waits for the status that this function reports, and fails the deployment that gets none; there is no event that would be worth keeping.',
  alarmStates:
    'CodeDeploy looks at the states of alarms before and while it shifts requests, and asks for "*" in the policy that AWS documents for it ' +
    '(AWS managed policy AWSCodeDeployRoleForLambdaLimited). It is the one action of this role that does not name its resource, and it only reads.',
} as const;

/**
 * How an alias comes to its next version: CodeDeploy has the new versions tried, shifts requests, and goes back where an alarm goes off
 * meanwhile (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html).
 */
export class Deployments extends Construct {
  readonly #props: DeploymentsProps;

  constructor(scope: Construct, id: string, props: DeploymentsProps) {
    super(scope, id);
    this.#props = props;
    const { names } = props;
    const smokeTest = this.#smokeTest();
    const application = new CfnApplication(this, 'Application', {
      applicationName: names.deployments,
      computePlatform: 'Lambda',
    });
    const role = this.#role(smokeTest);
    for (const name of FUNCTION_NAMES) {
      const group = this.#group(name, application, role);
      // Of CodeDeploy, not of Lambda: which hook to call is said where the alias is updated.
      const alias = props.functions.of(name).live.node.defaultChild as CfnAlias;
      alias.cfnOptions.updatePolicy = {
        codeDeployLambdaAliasUpdate: {
          applicationName: application.ref,
          deploymentGroupName: group.ref,
          beforeAllowTrafficHook: smokeTest.lambda.functionName,
        },
      };
    }
  }

  #group(name: FunctionName, application: CfnApplication, role: Role): CfnDeploymentGroup {
    const { stage, names, alarms } = this.#props;
    const group = new CfnDeploymentGroup(this, `${name}Group`, {
      applicationName: application.ref,
      deploymentGroupName: names.functionOf(name),
      serviceRoleArn: role.roleArn,
      deploymentConfigName: CONFIGURATIONS[stage.deployments],
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      alarmConfiguration: { enabled: true, alarms: alarms[name].map(({ alarmName }) => ({ name: alarmName })) },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
    group.node.addDependency(role);
    return group;
  }

  #smokeTest(): HouseFunction {
    const { stage, names, logKey, functions, code } = this.#props;
    const versions = FUNCTION_NAMES.map((name) => [name, functions.of(name).version.functionArn] as const);
    const stack = Stack.of(this);
    const groups = FUNCTION_NAMES.map((name) =>
      stack.formatArn({
        service: 'codedeploy',
        resource: 'deploymentgroup',
        resourceName: `${names.deployments}/${names.functionOf(name)}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const environment: EnvironmentOf<typeof environmentSchema> = {
      STAGE: stage.name,
      NEW_VERSIONS: stack.toJsonString(Object.fromEntries(versions)),
    };
    return new HouseFunction(this, SMOKE_TEST, {
      stage,
      functionName: names.functionOf(SMOKE_TEST),
      logGroupName: names.logGroups.functionOf(SMOKE_TEST),
      logKey,
      code,
      environment,
      timeoutSeconds: SMOKE_TEST_SECONDS,
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: versions.map(([, arn]) => arn) }),
        new PolicyStatement({ actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'], resources: groups }),
      ],
      whyNoDeadLetters: REASONS.noDeadLetters,
    });
  }

  /** What AWS documents for CodeDeploy and Lambda, on our functions alone; the managed policy would let it turn any alias of the account. */
  #role(smokeTest: HouseFunction): Role {
    const { functions } = this.#props;
    // The alias is spelt out: it comes after its deployment group, and that after this role.
    const resources = FUNCTION_NAMES.flatMap((name) => {
      const { functionArn } = functions.of(name).lambda;
      return [functionArn, `${functionArn}:${LIVE}`];
    });
    const role = serviceRole(this, 'Role', {
      service: 'codedeploy.amazonaws.com',
      statements: [
        new PolicyStatement({
          actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
          resources,
        }),
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [smokeTest.lambda.functionArn] }),
        new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
      ],
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: REASONS.alarmStates });
    return role;
  }
}
