import { AwsError, unknownAction } from '../../wire.ts';
import type { ServiceRequests } from './need.ts';

/**
 * "No permissions are required to perform this operation"
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
 */
export const sts: ServiceRequests = {
  needs(action) {
    if (action !== 'GetCallerIdentity') throw unknownAction('sts', action);
    return [];
  },
  refusal: (message) => new AwsError('AccessDenied', message, { statusCode: 403 }),
};
