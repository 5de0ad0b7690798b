import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { resourceTypes } from '../../../local/api-gateway/resources.ts';
import type { TemplateResource } from '../../../local/aws/resource-type.ts';
import type { JsonObject, JsonValue } from '../../../local/json.ts';

const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };

export const FUNCTION_ARN = 'arn:aws:lambda:ap-southeast-2:000000000000:function:read-payouts';
export const ROLE_ARN = 'arn:aws:iam::000000000000:role/api';

/** A resource as the template's resolver gives it. */
export function resource(logicalId: string, type: string, properties: JsonObject): TemplateResource {
  const known = resourceTypes[type];
  if (!known) throw new Error(`no such type ${type}`);
  return { logicalId, type, properties, ...known.identity(logicalId, properties, PLACE) };
}

const API = resource('Api', 'AWS::ApiGateway::RestApi', { Name: 'payouts', BinaryMediaTypes: ['image/png'] });
const ROOT_ID = API.attributes['RootResourceId'] ?? '';
const OWN = { RestApiId: API.ref };

/** Resources by path, made on demand with their parents. */
export class ApiBuilder {
  readonly resources: TemplateResource[] = [API];
  readonly #ids = new Map<string, string>([['', ROOT_ID]]);

  constructor(stage: JsonObject = {}) {
    this.add('Stage', 'Stage', { StageName: 'dev', DeploymentId: 'deployment', ...stage });
  }

  add(logicalId: string, type: string, properties: JsonObject): TemplateResource {
    const added = resource(logicalId, `AWS::ApiGateway::${type}`, { ...OWN, ...properties });
    this.resources.push(added);
    return added;
  }

  method(httpMethod: string, path: string, properties: JsonObject): this {
    const ResourceId = this.#resourceId(path === '/' ? '' : path);
    this.add(`${httpMethod}${path}`, 'Method', {
      HttpMethod: httpMethod,
      ResourceId,
      AuthorizationType: 'NONE',
      ...properties,
    });
    return this;
  }

  #resourceId(path: string): string {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const at = path.lastIndexOf('/');
    const ParentId = this.#resourceId(path.slice(0, at));
    const id = this.add(`Resource${path}`, 'Resource', { ParentId, PathPart: path.slice(at + 1) }).ref;
    this.#ids.set(path, id);
    return id;
  }
}

export function lambdaProxy(extra: JsonObject = {}): JsonObject {
  const Uri = `arn:aws:apigateway:ap-southeast-2:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations`;
  return { Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri, ...extra } };
}

/** One response template for every status, which shows what came back. */
export function stepFunctions(requestTemplate: string, responses: JsonValue[], extra: JsonObject = {}): JsonObject {
  return {
    Integration: {
      Type: 'AWS',
      IntegrationHttpMethod: 'POST',
      Credentials: ROLE_ARN,
      PassthroughBehavior: 'NEVER',
      Uri: 'arn:aws:apigateway:ap-southeast-2:states:action/StartSyncExecution',
      RequestTemplates: { 'application/json': requestTemplate },
      IntegrationResponses: responses,
      ...extra,
    },
    MethodResponses: ['200', '202', '400', '500'].map((StatusCode) => ({
      StatusCode,
      ResponseParameters: {
        'method.response.header.Location': true,
        'method.response.header.X-Name': true,
        'method.response.header.X-Stage': true,
      },
    })),
  };
}

export function mock(requestTemplate: string, response: JsonObject, declared: JsonObject = {}): JsonObject {
  return {
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': requestTemplate },
      IntegrationResponses: [response],
    },
    MethodResponses: [{ StatusCode: response['StatusCode'] ?? '200', ResponseParameters: declared }],
  };
}

export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  text: string;
};

export type Call = {
  method?: string;
  path: string;
  headers?: Record<string, string> | string[];
  body?: string | Buffer;
};

/** A plain request on a connection of its own: nothing is added but what Node must. Header values go out as UTF-8. */
export function call(port: number, { method = 'GET', path, headers = {}, body }: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const bytes = Array.isArray(headers) ? headers.map(utf8) : mapValues(headers, utf8);
    const sent = httpRequest({ port, host: '127.0.0.1', method, path, headers: bytes, agent: false }, (response) => {
      readReply(response).then(resolve, reject);
    });
    sent.on('error', reject);
    // A string would make Node write the headers in the body's encoding.
    sent.end(body === undefined ? undefined : Buffer.from(body));
  });
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const { statusCode: status = 0, headers, rawHeaders } = response;
  return { status, headers, rawHeaders, text: Buffer.concat(chunks).toString('utf8') };
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function mapValues(map: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}

export type Signing = { service?: string; secret?: string; accessKeyId?: string; at?: Date };

/** Headers with a signature as an SDK makes it. */
export async function signed(port: number, request: Call, signing: Signing = {}): Promise<Call> {
  const { service = 'execute-api', secret = 'local', accessKeyId = 'local', at = new Date() } = signing;
  const url = new URL(request.path, `http://127.0.0.1:${port}`);
  const credentials = { accessKeyId, secretAccessKey: secret };
  const signer = new SignatureV4({ service, region: 'ap-southeast-2', sha256: Sha256, credentials });
  const { headers } = await signer.sign(
    {
      method: request.method ?? 'GET',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: `127.0.0.1:${port}`, ...(request.headers as Record<string, string>) },
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    { signingDate: at },
  );
  return { ...request, headers };
}

class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = ArrayBuffer.isView(secret)
      ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
      : secret;
    if (key === undefined) this.#hash = createHash('sha256');
    else this.#hash = createHmac('sha256', typeof key === 'string' ? key : new Uint8Array(key));
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(typeof data === 'string' ? Buffer.from(data) : data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {}
}
