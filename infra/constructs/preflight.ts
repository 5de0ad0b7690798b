import { AuthorizationType, type IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { mappingTemplate } from '../api/templates.ts';

/** What a signed request carries. */
const ALLOWED_HEADERS =
  'Authorization,Content-Type,Idempotency-Key,X-Amz-Content-Sha256,X-Amz-Date,X-Amz-Security-Token';
const MAX_AGE_SECONDS = 600;

/**
 * `OPTIONS`, for browsers: says which methods and headers the stage's origins may use. It calls nothing, and needs no credentials,
 * since browsers send preflights without (Fetch standard, CORS-preflight fetch).
 */
export function addPreflight(resource: IResource, methods: readonly string[], origins: readonly string[]): void {
  const headers = {
    'Access-Control-Allow-Methods': [...methods, 'OPTIONS'].join(','),
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
    Vary: 'Origin',
  };
  const parameter = (name: string) => `method.response.header.${name}`;
  const template = mappingTemplate('preflight.response.vtl', {
    AllowedOrigins: origins.map((origin) => `"${new URL(origin).origin}"`).join(', '),
  });
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": 204}' },
    integrationResponses: [
      {
        statusCode: '204',
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [parameter(name), `'${value}'`]),
        ),
        responseTemplates: { 'application/json': template },
      },
    ],
  });
  const declared = [...Object.keys(headers), 'Access-Control-Allow-Origin'].map((name) => [parameter(name), true]);
  resource.addMethod('OPTIONS', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode: '204', responseParameters: Object.fromEntries(declared) }],
  });
}
