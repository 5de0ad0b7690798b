import { createHash } from 'node:crypto';
import {
  type Identity,
  INERT_TAGS,
  inertType,
  physicalName,
  type ResourceType,
  type ResourceTypes,
} from '../aws/resource-type.ts';
import type { JsonObject } from '../json.ts';
import type { StageSettings } from './stage-settings.ts';

/** What makes API Gateway's resources. */
export type ApiGatewayServices = { readonly apiGateway: Pick<StageSettings, 'add'> };

const NOT_READ = 'nothing here reads it';

/**
 * The API Gateway resources of a template. None but its stage is made one by one: `apiDefinition` (definition.ts) reads all of them
 * together, because a method means nothing without its resource, model and validator.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html
 */
export const resourceTypes: ResourceTypes<ApiGatewayServices> = {
  'AWS::ApiGateway::RestApi': gathered(restApiIdentity, ['Name', 'BinaryMediaTypes'], {
    ...INERT_TAGS,
    Description: NOT_READ,
    EndpointAccessMode: 'the loopback speaks no TLS',
    EndpointConfiguration: 'one endpoint, on this machine',
    FailOnWarnings: 'nothing is imported',
    MinimumCompressionSize: 'answers are never compressed here',
    SecurityPolicy: 'the loopback speaks no TLS',
  }),
  'AWS::ApiGateway::Resource': gathered(idOf('ResourceId'), ['ParentId', 'PathPart', 'RestApiId'], {}),
  'AWS::ApiGateway::Method': gathered(
    idOf(),
    [
      'ApiKeyRequired',
      'AuthorizationType',
      'HttpMethod',
      'Integration',
      'MethodResponses',
      'RequestModels',
      'RequestParameters',
      'RequestValidatorId',
      'ResourceId',
      'RestApiId',
    ],
    { OperationName: NOT_READ },
  ),
  'AWS::ApiGateway::Model': gathered(namedIdentity, ['ContentType', 'Name', 'RestApiId', 'Schema'], {
    Description: NOT_READ,
  }),
  'AWS::ApiGateway::RequestValidator': gathered(
    idOf('RequestValidatorId'),
    ['RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'],
    { Name: NOT_READ },
  ),
  'AWS::ApiGateway::GatewayResponse': gathered(
    idOf('Id'),
    ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
    {},
  ),
  'AWS::ApiGateway::Deployment': gathered(idOf('DeploymentId'), ['RestApiId'], { Description: NOT_READ }),
  'AWS::ApiGateway::Stage': {
    ...gathered(
      (_logicalId, properties) => ({ ref: String(properties['StageName'] ?? ''), attributes: {} }),
      // Of its method settings a throttle of zero is obeyed (stage-settings.ts); nothing is cached or measured, and there is no execution log.
      ['AccessLogSetting', 'DeploymentId', 'MethodSettings', 'RestApiId', 'StageName', 'Variables'],
      { ...INERT_TAGS, Description: NOT_READ, TracingEnabled: 'no traces are collected here' },
    ),
    create: (resource, { apiGateway }) => apiGateway.add(resource),
  },
  'AWS::ApiGateway::Account': inertType('access logs need no role here', ['CloudWatchRoleArn'], (logicalId) => ({
    ref: logicalId,
    attributes: { Id: logicalId },
  })),
};

function gathered(
  identity: (logicalId: string, properties: JsonObject) => Identity,
  known: readonly string[],
  inert: Readonly<Record<string, string>>,
): ResourceType<unknown> {
  return { identity, create: () => undefined, known, inert };
}

function restApiIdentity(logicalId: string): Identity {
  const id = shortId(logicalId);
  return { ref: id, attributes: { RestApiId: id, RootResourceId: shortId(`${logicalId}/`) } };
}

function namedIdentity(logicalId: string, properties: JsonObject): Identity {
  return { ref: physicalName(logicalId, properties['Name']), attributes: {} };
}

/** An identity that is only an id, also given as `attribute` where CloudFormation does so. */
function idOf(attribute?: string): (logicalId: string) => Identity {
  return (logicalId) => {
    const id = shortId(logicalId);
    return { ref: id, attributes: attribute === undefined ? {} : { [attribute]: id } };
  };
}

/** Ten characters like AWS's own ids, the same for one logical id every time. */
export function shortId(name: string): string {
  const number = BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 16)}`);
  return number.toString(36).padStart(10, '0').slice(-10);
}
