/** Default status of each type (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html). */
export const GATEWAY_RESPONSE_STATUS = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 500,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSE_STATUS;

type FaultOptions = {
  /** What AWS says in `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** Where it is not the type's default. */
  readonly statusCode?: number;
  readonly validationErrorString?: string;
  readonly cause?: unknown;
};

/** API Gateway answers by itself. `message` is what the client may read; the `cause` stays here. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault' as const;
  readonly responseType: GatewayResponseType;
  readonly statusCode: number;
  readonly errorType: string;
  readonly validationErrorString: string | undefined;

  constructor(responseType: GatewayResponseType, message: string, options: FaultOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.responseType = responseType;
    this.statusCode = options.statusCode ?? GATEWAY_RESPONSE_STATUS[responseType];
    this.errorType = options.errorType;
    this.validationErrorString = options.validationErrorString;
  }
}

/** What AWS says for whatever is wrong behind the gateway. 502 is for a Lambda's malformed answer. */
export function internalServerError(cause: unknown, statusCode = 500): GatewayFault {
  return new GatewayFault('DEFAULT_5XX', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    statusCode,
    cause,
  });
}

/** The API and what stands behind it do not fit: a right is missing that only the API's owner can give. */
export function configurationError(cause: unknown): GatewayFault {
  return new GatewayFault('API_CONFIGURATION_ERROR', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    cause,
  });
}
