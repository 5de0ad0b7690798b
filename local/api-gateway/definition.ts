import type { TemplateResource } from '../aws/resource-type.ts';
import { UnsupportedResource } from '../aws/resource-type.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { type Method, readMethod } from './definition-method.ts';
import { booleanOf, objectOf, optionalText, refuseOthers, textOf, textsOf } from './properties.ts';
import { resourceTypes } from './resources.ts';

export type ApiResource = {
  readonly id: string;
  /** As in the template, e.g. `/payouts/{transaction_id}`; the root is `/`. */
  readonly path: string;
  /** By HTTP method in capitals, or `ANY`. */
  readonly methods: ReadonlyMap<string, Method>;
};

export type Model = { readonly name: string; readonly schema: JsonObject };

export type Validator = { readonly validatesBody: boolean; readonly validatesParameters: boolean };

export type GatewayResponse = {
  readonly responseType: string;
  readonly statusCode: number | undefined;
  /** By media type. */
  readonly templates: Readonly<Record<string, string>>;
  /** Keys `gatewayresponse.header.X`. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** One REST API with its one stage. */
export type ApiDefinition = {
  readonly apiId: string;
  readonly name: string;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly accessLogFormat: string | undefined;
  /** Name of the log group the stage's access log goes to. */
  readonly accessLogGroup: string | undefined;
  readonly binaryMediaTypes: readonly string[];
  readonly resources: readonly ApiResource[];
  readonly models: ReadonlyMap<string, Model>;
  readonly validators: ReadonlyMap<string, Validator>;
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
};

const PATH_DEPTH_MAX = 50;

/**
 * Reads the API out of a template's resources, whose intrinsics are resolved. Resources of other services are passed over.
 *
 * @throws {UnsupportedResource} naming the first property, type or value that is not run here.
 */
export function apiDefinition(resources: readonly TemplateResource[]): ApiDefinition {
  const ours = resources.filter((resource) => Object.hasOwn(resourceTypes, resource.type));
  for (const resource of ours) {
    const type = resourceTypes[resource.type];
    if (type) refuseOthers(`${resource.logicalId}: ${resource.type}`, resource.properties, type.known, type.inert);
  }
  const ofType = (type: string) => ours.filter((resource) => resource.type === `AWS::ApiGateway::${type}`);
  const api = only(ofType('RestApi'), 'REST API');
  const stage = only(ofType('Stage'), 'stage of the REST API');
  return {
    apiId: api.ref,
    name: optionalText(api.properties, 'Name') ?? api.logicalId,
    ...readStage(stage),
    binaryMediaTypes: strings(api.properties['BinaryMediaTypes']),
    resources: readResources(api, ofType('Resource'), ofType('Method')),
    models: new Map(ofType('Model').map((resource) => [resource.ref, readModel(resource)])),
    validators: new Map(ofType('RequestValidator').map((resource) => [resource.ref, readValidator(resource)])),
    gatewayResponses: new Map(
      ofType('GatewayResponse')
        .map(readGatewayResponse)
        .map((one) => [one.responseType, one]),
    ),
  };
}

function only(resources: readonly TemplateResource[], what: string): TemplateResource {
  const [first, second] = resources;
  if (first && !second) return first;
  throw new UnsupportedResource(`a template with one ${what} is run here, this one has ${resources.length}`);
}

function readStage({ logicalId, properties }: TemplateResource) {
  const accessLog = objectOf(properties, 'AccessLogSetting');
  refuseOthers(`${logicalId}: AccessLogSetting`, accessLog, ['DestinationArn', 'Format'], {});
  return {
    stageName: textOf(properties, 'StageName'),
    deploymentId: optionalText(properties, 'DeploymentId') ?? '',
    stageVariables: textsOf(properties, 'Variables'),
    accessLogFormat: optionalText(accessLog, 'Format'),
    accessLogGroup: optionalText(accessLog, 'DestinationArn')?.split(':')[6],
  };
}

function readResources(
  api: TemplateResource,
  resources: readonly TemplateResource[],
  methods: readonly TemplateResource[],
): ApiResource[] {
  const byId = new Map(resources.map((resource) => [resource.ref, resource]));
  const rootId = api.attributes['RootResourceId'] ?? '';
  const all = [
    { id: rootId, path: '/' },
    ...resources.map(({ ref }) => ({ id: ref, path: pathOf(ref, rootId, byId) })),
  ];
  const orphan = methods.find((method) => !all.some(({ id }) => id === method.properties['ResourceId']));
  if (orphan) throw new UnsupportedResource(`${orphan.logicalId}: its ResourceId names no resource of this API`);
  return all.map(({ id, path }) => {
    const own = methods.filter((method) => method.properties['ResourceId'] === id).map(readMethod);
    return { id, path, methods: new Map(own.map((method) => [method.httpMethod, method])) };
  });
}

function pathOf(id: string, rootId: string, byId: ReadonlyMap<string, TemplateResource>): string {
  const parts: string[] = [];
  for (let at = id; at !== rootId; ) {
    const resource = byId.get(at);
    if (!resource || parts.length > PATH_DEPTH_MAX)
      throw new UnsupportedResource(`${id}: its parents do not lead to the root`);
    parts.unshift(textOf(resource.properties, 'PathPart'));
    at = textOf(resource.properties, 'ParentId');
  }
  return `/${parts.join('/')}`;
}

/** CloudFormation takes the schema as an object or as its text. */
function readModel({ logicalId, properties, ref }: TemplateResource): Model {
  const { Schema: schema } = properties;
  const parsed: JsonValue | undefined = typeof schema === 'string' ? (JSON.parse(schema) as JsonValue) : schema;
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { name: ref, schema: parsed };
  throw new UnsupportedResource(`${logicalId}: a model without a schema`);
}

function readValidator({ properties }: TemplateResource): Validator {
  return {
    validatesBody: booleanOf(properties, 'ValidateRequestBody'),
    validatesParameters: booleanOf(properties, 'ValidateRequestParameters'),
  };
}

function readGatewayResponse({ properties }: TemplateResource): GatewayResponse {
  const statusCode = optionalText(properties, 'StatusCode');
  return {
    responseType: textOf(properties, 'ResponseType'),
    statusCode: statusCode === undefined ? undefined : Number(statusCode),
    templates: textsOf(properties, 'ResponseTemplates'),
    parameters: textsOf(properties, 'ResponseParameters'),
  };
}

function strings(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
