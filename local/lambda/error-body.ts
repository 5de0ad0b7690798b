import { types } from 'node:util';
import type { LambdaErrorBody } from './messages.ts';

/**
 * A thrown value as the Node.js runtime of Lambda reports it: `errorType` is the error's `name`, or the JavaScript type of
 * what is no error (aws/aws-lambda-nodejs-runtime-interface-client, src/Errors.js, toRapidResponse).
 */
export function errorBody(thrown: unknown): LambdaErrorBody {
  if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}

/** Errors of another realm, and objects that look like one, count too: that is how the runtime tests. */
function isError(value: unknown): value is Error {
  if (types.isNativeError(value)) return true;
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value;
}
