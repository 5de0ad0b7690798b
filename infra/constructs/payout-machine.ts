import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
  type StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { stateMachineDefinition } from '../state-machine-definition.ts';
import { LIVE } from './payout-function.ts';
import { serviceRole } from './service-role.ts';

export type PayoutMachineProps = {
  readonly name: string;
  readonly type: StateMachineType;
  /** In `statemachines/`. */
  readonly file: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly substitutions: Readonly<Record<string, string>>;
  /** All that its role may do, beside its own log and traces. */
  readonly statements: readonly PolicyStatement[];
  readonly logGroup: LogGroup;
  /** How a deployment turns the alias to its version: at once, or a tenth of the executions that start in five minutes first. */
  readonly deployments: Stage['deployments'];
  /** Names of the alarms that undo a turn by steps. By reference the alias would wait for them, and they for the API that starts by it. */
  readonly alarmNames: readonly string[];
};

const DELIVERY_HAS_NO_RESOURCE =
  'The log-delivery actions (logs:CreateLogDelivery and its family) and the X-Ray actions take no resource, as the Step Functions ' +
  'developer guide states in "Logging to CloudWatch Logs", so "*" is the only value. Everything else in this role names its resource.';

/**
 * One state machine, whole: its role, its definition, and the alias by which it is started. A deployment publishes a version and turns the
 * alias to it; an execution goes on by the definition that it was started with.
 */
export class PayoutMachine extends Construct {
  readonly machine: StateMachine;
  /** With the alias. What is started, never the machine itself. */
  readonly liveArn: string;
  /** Of the version that this deployment publishes. */
  readonly versionArn: string;

  constructor(scope: Construct, id: string, props: PayoutMachineProps) {
    super(scope, id);
    const role = serviceRole(this, 'Role', { service: 'states.amazonaws.com', statements: props.statements });
    const definition = stateMachineDefinition(new URL(`../../statemachines/${props.file}`, import.meta.url), {
      texts: props.texts,
      values: props.values,
      deployed: Object.keys(props.substitutions),
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: DELIVERY_HAS_NO_RESOURCE });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      stateMachineType: props.type,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: { ...props.substitutions },
      role,
      // Execution data is safe to show: states carry ids, masks and ciphertext, so operators see every execution whole.
      logs: { destination: props.logGroup, level: LogLevel.ALL, includeExecutionData: true },
      tracingEnabled: true,
    });
    this.versionArn = this.#version().attrArn;
    this.liveArn = new CfnStateMachineAlias(this, 'Live', {
      name: LIVE,
      deploymentPreference: { stateMachineVersionArn: this.versionArn, ...turnOf(props) },
    }).attrArn;
  }

  /** Versions outlive the deployments after them, so that the alias can be turned back. */
  #version(): CfnStateMachineVersion {
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.machine.stateMachineArn,
      stateMachineRevisionId: this.machine.stateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return version;
  }

  /**
   * Lets a role start executions. Starting by an alias is authorised on the machine itself, unlike the invocation of a function
   * (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html).
   */
  starting(action: 'states:StartExecution' | 'states:StartSyncExecution'): PolicyStatement {
    return new PolicyStatement({ actions: [action], resources: [this.machine.stateMachineArn] });
  }
}

/**
 * As CodeDeploy turns the aliases of functions. "The deployment fails and rolls back if any of these alarms go into the ALARM state"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-stepfunctions-statemachinealias-deploymentpreference.html).
 */
function turnOf({ deployments, alarmNames }: PayoutMachineProps) {
  if (deployments === 'all-at-once') return { type: 'ALL_AT_ONCE' };
  return { type: 'CANARY', percentage: 10, interval: 5, alarms: [...alarmNames] };
}
