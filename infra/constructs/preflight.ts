import { AuthorizationType, type IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { asDeclared, asResponseParameters, corsHeaders } from '../api/cors.ts';
import type { Stage } from '../stages.ts';

/** What a signed request carries. */
const ALLOWED_HEADERS =
  'Authorization,Content-Type,Idempotency-Key,X-Amz-Content-Sha256,X-Amz-Date,X-Amz-Security-Token';
const MAX_AGE_SECONDS = 600;

/**
 * `OPTIONS`, for browsers: says which methods and headers pages of the stage's origin may use. It calls nothing, and needs no
 * credentials, since browsers send preflights without (Fetch standard, CORS-preflight fetch).
 */
export function addPreflight(resource: IResource, methods: readonly string[], stage: Stage): void {
  const headers = {
    'Access-Control-Allow-Methods': [...methods, 'OPTIONS'].join(','),
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
    ...corsHeaders(stage),
  };
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": 204}' },
    integrationResponses: [{ statusCode: '204', responseParameters: asResponseParameters(headers) }],
  });
  resource.addMethod('OPTIONS', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode: '204', responseParameters: asDeclared(Object.keys(headers)) }],
  });
}
