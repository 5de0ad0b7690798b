import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../aws/resource-type.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { StepFunctions } from '../step-functions/engine.ts';
import type { CreateStateMachineInput } from '../step-functions/state-machines.ts';

export type StateMachineServices = { readonly stepFunctions: StepFunctions };

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_StepFunctions.html */
export const resourceTypes: ResourceTypes<StateMachineServices> = {
  'AWS::StepFunctions::StateMachine': {
    identity: machineIdentity,
    create: createMachine,
    known: [
      'StateMachineName',
      'StateMachineType',
      'DefinitionString',
      'Definition',
      'DefinitionSubstitutions',
      'RoleArn',
      'LoggingConfiguration',
    ],
    inert: {
      ...INERT_TAGS,
      EncryptionConfiguration: 'executions live in memory and in --data, unencrypted',
      TracingConfiguration: 'no traces are collected here',
    },
  },
  'AWS::StepFunctions::StateMachineVersion': {
    identity: (_logicalId, properties) => qualified(textOf(properties, 'StateMachineArn'), '1'),
    create: ({ properties }, { stepFunctions }) => {
      stepFunctions.qualifyStateMachine(textOf(properties, 'StateMachineArn'), '1');
    },
    known: ['StateMachineArn'],
    inert: {
      Description: 'nothing here reads it',
      StateMachineRevisionId: 'one template publishes one version',
    },
  },
  'AWS::StepFunctions::StateMachineAlias': {
    identity: (_logicalId, properties) => qualified(machineOf(aliasedVersion(properties)), textOf(properties, 'Name')),
    create: ({ properties }, { stepFunctions }) => {
      const versionArn = aliasedVersion(properties);
      stepFunctions.pointAlias(`${machineOf(versionArn)}:${textOf(properties, 'Name')}`, versionArn);
    },
    known: ['Name', 'RoutingConfiguration', 'DeploymentPreference'],
    inert: { Description: 'nothing here reads it' },
  },
};

function machineIdentity(logicalId: string, properties: JsonObject, { accountId, region }: Placement): Identity {
  const Name = physicalName(logicalId, properties['StateMachineName']);
  const Arn = `arn:aws:states:${region}:${accountId}:stateMachine:${Name}`;
  return { ref: Arn, attributes: { Arn, Name, StateMachineRevisionId: 'INITIAL' } };
}

function createMachine(resource: TemplateResource, { stepFunctions }: StateMachineServices): void {
  const { properties, attributes } = resource;
  stepFunctions.createStateMachine({
    name: String(attributes['Name']),
    type: properties['StateMachineType'] === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    definition: definitionOf(resource),
    roleArn: textOf(properties, 'RoleArn'),
    ...loggingOf(objectOf(properties['LoggingConfiguration'])),
  });
}

/** The definition's text with each `${Name}` replaced as CloudFormation replaces it: as text, whatever stands around. */
function definitionOf({ logicalId, properties }: TemplateResource): string {
  const { DefinitionString: text, Definition: object } = properties;
  const definition = typeof text === 'string' ? text : object && JSON.stringify(object);
  if (!definition) throw new UnsupportedResource(`${logicalId}: its definition stands neither inline nor as an object`);
  const substitutions = objectOf(properties['DefinitionSubstitutions']);
  return definition.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) =>
    String(substitutions[name] ?? placeholder),
  );
}

/** One destination is all that Step Functions takes. */
function loggingOf(
  logging: JsonObject,
): Pick<CreateStateMachineInput, 'logGroupName' | 'logLevel' | 'includeExecutionData'> {
  const [destination] = Array.isArray(logging['Destinations']) ? logging['Destinations'] : [];
  const arn = objectOf(objectOf(destination)['CloudWatchLogsLogGroup'])['LogGroupArn'];
  const level = logging['Level'];
  if (typeof arn !== 'string' || (level !== 'ALL' && level !== 'ERROR' && level !== 'FATAL')) return {};
  const includeExecutionData = String(logging['IncludeExecutionData']) === 'true';
  return { logGroupName: logGroupNameOf(arn), logLevel: level, includeExecutionData };
}

/** `arn:aws:logs:region:account:log-group:NAME:*`; the name itself holds no colon. */
function logGroupNameOf(arn: string): string {
  return arn.split(':')[6] ?? arn;
}

/** The one version that an alias leads to; it may also be given as a route of its own. */
function aliasedVersion(properties: JsonObject): string {
  const [route] = Array.isArray(properties['RoutingConfiguration']) ? properties['RoutingConfiguration'] : [];
  const source = route === undefined ? properties['DeploymentPreference'] : route;
  return textOf(objectOf(source), 'StateMachineVersionArn');
}

function machineOf(versionArn: string): string {
  return versionArn.slice(0, versionArn.lastIndexOf(':'));
}

function qualified(machineArn: string, qualifier: string): Identity {
  const Arn = `${machineArn}:${qualifier}`;
  return { ref: Arn, attributes: { Arn } };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(properties: JsonObject, key: string): string {
  const value = properties[key];
  if (typeof value === 'string') return value;
  throw new UnsupportedResource(`${key} is not resolved to a text: ${JSON.stringify(value)}`);
}
