import {
  AuthorizationType,
  type IResource,
  type Method,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { asDeclared, asResponseParameters, corsHeaders } from '../api/cors.ts';
import type { Stage } from '../stages.ts';

/** `GET`: a constant, from the gateway itself. */
export function addHealth(resource: IResource, stage: Stage): Method {
  const headers = corsHeaders(stage);
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    integrationResponses: [
      {
        statusCode: '200',
        responseParameters: asResponseParameters(headers),
        responseTemplates: { 'application/json': '{"status":"ok"}' },
      },
    ],
  });
  return resource.addMethod('GET', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode: '200', responseParameters: asDeclared(Object.keys(headers)) }],
  });
}
