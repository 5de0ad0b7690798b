import type { JsonObject } from '../json.ts';
import type { Credentials } from './credentials.ts';
import type { RestRoute } from './rest-route.ts';

export type WireRequest = {
  /** As the API reference names it, e.g. `GetItem`. */
  readonly action: string;
  /** As the JSON protocol carries it: blobs are base64 text, timestamps are seconds since the epoch. */
  readonly input: JsonObject;
  readonly principal: Credentials;
};

/** One AWS service, called alike over HTTP (see endpoint.ts) and in process. */
export interface WireService {
  /** The service names found in the SigV4 credential scope that lead here, e.g. `['kms']`. */
  readonly signingNames: readonly string[];
  /** Of a service that speaks REST: all of its operations that are run here. */
  readonly routes?: readonly RestRoute[];
  /** @throws {AwsError} as the service itself would refuse, and for an action that is not run here. */
  handle(request: WireRequest): Promise<JsonObject>;
}

type AwsErrorOptions = {
  /** HTTP status; 400 where AWS says nothing else. */
  statusCode?: number;
  /** Further members of the error's body, e.g. `Item` of a ConditionalCheckFailedException. */
  fields?: JsonObject;
  /** The older code that services which once spoke AWS Query send in the `x-amzn-query-error` header. */
  queryCode?: string;
  cause?: unknown;
};

/** A refusal as AWS names it. `code` is the modelled exception, e.g. `ResourceNotFoundException`. */
export class AwsError extends Error {
  override readonly name = 'AwsError' as const;
  readonly code: string;
  readonly statusCode: number;
  readonly fields: JsonObject;
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.statusCode = options.statusCode ?? 400;
    this.fields = options.fields ?? {};
    this.queryCode = options.queryCode;
  }
}

/** What a service answers for an action it does not run: named, so that nobody takes silence for success. */
export function unknownAction(service: string, action: string): AwsError {
  return new AwsError('UnknownOperationException', `${service}:${action} is not run by the local ${service}`);
}
