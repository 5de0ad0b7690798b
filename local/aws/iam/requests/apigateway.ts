import { REGION } from '../../account.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import { type ServiceRequests, textIn } from './need.ts';

/**
 * Named after the HTTP method, on a path without an account
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html).
 */
const METHODS: Readonly<Record<string, string>> = { GetStage: 'GET', UpdateStage: 'PATCH' };

export const apigateway: ServiceRequests = {
  needs(action, input) {
    const method = METHODS[action];
    if (!method) throw unknownAction('apigateway', action);
    const path = `/restapis/${textIn(input, 'restApiId')}/stages/${textIn(input, 'stageName')}`;
    return [{ action: `apigateway:${method}`, resource: `arn:aws:apigateway:${REGION}::${path}` }];
  },
  refusal: (message) => new AwsError('AccessDeniedException', message, { statusCode: 403 }),
};
