import { type TemplateResource, UnsupportedResource } from '../aws/resource-type.ts';
import type { JsonObject } from '../json.ts';
import { booleanOf, objectOf, objectsOf, optionalText, refuseOthers, textOf, textsOf } from './properties.ts';

export type Method = {
  readonly logicalId: string;
  readonly httpMethod: string;
  readonly authorization: 'NONE' | 'AWS_IAM';
  readonly integration: Integration;
  /** Model name by media type; `$default` for all others. */
  readonly requestModels: Readonly<Record<string, string>>;
  /** Whether each `method.request.<place>.<name>` is required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  readonly validatorId: string | undefined;
};

export type Integration = MockIntegration | StepFunctionsIntegration | LambdaProxyIntegration;

/** What every integration that maps bodies has. */
export type Mapped = {
  /** By media type. */
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly passthrough: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly responses: readonly IntegrationResponse[];
};

export type MockIntegration = Mapped & { readonly type: 'MOCK' };

export type StepFunctionsIntegration = Mapped & {
  readonly type: 'AWS';
  readonly action: 'StartSyncExecution' | 'StartExecution';
  /** The role the call is made as. */
  readonly roleArn: string;
  readonly timeoutMs: number;
};

export type LambdaProxyIntegration = {
  readonly type: 'AWS_PROXY';
  readonly functionArn: string;
  readonly timeoutMs: number;
};

export type IntegrationResponse = {
  readonly statusCode: number;
  /** A regular expression over the whole status code; the response without one is the default. */
  readonly selectionPattern: string | undefined;
  /** By media type. */
  readonly templates: Readonly<Record<string, string>>;
  /** From `method.response.header.X` to where its value comes from. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** API Gateway's default and, without a quota increase, its longest (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const TIMEOUT_MS = 29_000;

const INTEGRATION_PROPERTIES = [
  'Credentials',
  'IntegrationHttpMethod',
  'IntegrationResponses',
  'PassthroughBehavior',
  'RequestTemplates',
  'TimeoutInMillis',
  'Type',
  'Uri',
];
const INTEGRATION_INERT = {
  CacheKeyParameters: 'nothing is cached here',
  CacheNamespace: 'nothing is cached here',
};

/** @throws {UnsupportedResource} naming the property or value that is not run here. */
export function readMethod({ logicalId, properties }: TemplateResource): Method {
  const authorization = optionalText(properties, 'AuthorizationType') ?? 'NONE';
  if (authorization !== 'NONE' && authorization !== 'AWS_IAM') {
    throw new UnsupportedResource(`${logicalId}: AuthorizationType ${authorization} is not run here`);
  }
  if (booleanOf(properties, 'ApiKeyRequired')) throw new UnsupportedResource(`${logicalId}: API keys are not run here`);
  const integration = readIntegration(logicalId, objectOf(properties, 'Integration'));
  if (integration.type !== 'AWS_PROXY')
    refuseUndeclared(logicalId, integration, objectsOf(properties, 'MethodResponses'));
  const parameters = objectOf(properties, 'RequestParameters');
  return {
    logicalId,
    httpMethod: textOf(properties, 'HttpMethod'),
    authorization,
    integration,
    requestModels: textsOf(properties, 'RequestModels'),
    requestParameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, booleanOf(parameters, name)])),
    validatorId: optionalText(properties, 'RequestValidatorId'),
  };
}

function readIntegration(logicalId: string, properties: JsonObject): Integration {
  refuseOthers(`${logicalId}: Integration`, properties, INTEGRATION_PROPERTIES, INTEGRATION_INERT);
  const type = textOf(properties, 'Type');
  if (type === 'MOCK') return { type, ...readMapped(logicalId, properties) };
  const timeoutMs = Number(optionalText(properties, 'TimeoutInMillis') ?? TIMEOUT_MS);
  if (optionalText(properties, 'IntegrationHttpMethod') !== 'POST') {
    throw new UnsupportedResource(`${logicalId}: AWS services are called by POST`);
  }
  const uri = textOf(properties, 'Uri');
  if (type === 'AWS') {
    const roleArn = textOf(properties, 'Credentials');
    return { type, ...readMapped(logicalId, properties), action: actionOf(logicalId, uri), roleArn, timeoutMs };
  }
  if (type !== 'AWS_PROXY') throw new UnsupportedResource(`${logicalId}: integration type ${type} is not run here`);
  return { type, functionArn: functionArnOf(logicalId, uri), timeoutMs };
}

function readMapped(logicalId: string, properties: JsonObject): Mapped {
  const passthrough = optionalText(properties, 'PassthroughBehavior') ?? 'WHEN_NO_MATCH';
  if (passthrough !== 'WHEN_NO_MATCH' && passthrough !== 'WHEN_NO_TEMPLATES' && passthrough !== 'NEVER') {
    throw new UnsupportedResource(`${logicalId}: PassthroughBehavior ${passthrough} is not run here`);
  }
  return {
    requestTemplates: textsOf(properties, 'RequestTemplates'),
    passthrough,
    responses: objectsOf(properties, 'IntegrationResponses').map((response) => readResponse(logicalId, response)),
  };
}

function readResponse(logicalId: string, properties: JsonObject): IntegrationResponse {
  const known = ['ResponseParameters', 'ResponseTemplates', 'SelectionPattern', 'StatusCode'];
  refuseOthers(`${logicalId}: IntegrationResponse`, properties, known, {});
  return {
    statusCode: Number(textOf(properties, 'StatusCode')),
    selectionPattern: optionalText(properties, 'SelectionPattern') || undefined,
    templates: textsOf(properties, 'ResponseTemplates'),
    parameters: textsOf(properties, 'ResponseParameters'),
  };
}

function actionOf(logicalId: string, uri: string): StepFunctionsIntegration['action'] {
  const action = /^arn:[a-z-]+:apigateway:[a-z0-9-]+:states:action\/(StartSyncExecution|StartExecution)$/.exec(
    uri,
  )?.[1];
  if (action === 'StartSyncExecution' || action === 'StartExecution') return action;
  throw new UnsupportedResource(`${logicalId}: the integration ${uri} is not run here`);
}

function functionArnOf(logicalId: string, uri: string): string {
  const arn = /^arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/.exec(
    uri,
  );
  if (arn?.[1]) return arn[1];
  throw new UnsupportedResource(`${logicalId}: the integration ${uri} is not run here`);
}

/** AWS refuses, at deployment, an integration response whose status or header the method's responses do not declare. */
function refuseUndeclared(logicalId: string, integration: Mapped, methodResponses: readonly JsonObject[]): void {
  for (const response of integration.responses) {
    const declared = methodResponses.find((one) => Number(optionalText(one, 'StatusCode')) === response.statusCode);
    if (!declared)
      throw new UnsupportedResource(`${logicalId}: MethodResponses lacks the status ${response.statusCode}`);
    const headers = Object.keys(objectOf(declared, 'ResponseParameters'));
    const other = Object.keys(response.parameters).find((name) => !headers.includes(name));
    if (other !== undefined) throw new UnsupportedResource(`${logicalId}: MethodResponses lacks ${other}`);
  }
}
