import type { CredentialStore, Credentials } from '../aws/credentials.ts';
import { type SigV4Refusal, verifySigV4 } from '../aws/sigv4.ts';
import type { ApiRequest } from './api-request.ts';
import type { Method } from './definition-method.ts';
import { GatewayFault } from './gateway-fault.ts';

/** In AWS's words (https://repost.aws/knowledge-center/api-gateway-iam-sigv4-mismatch). */
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const MALFORMED =
  "Authorization header requires 'Credential' parameter, 'Signature' parameter, 'SignedHeaders' parameter and an 'X-Amz-Date' header.";

/**
 * Who calls, for a method with AWS_IAM; nobody for an open one. That the caller may call is not asked: IAM policies are not
 * evaluated here. Which gateway response AWS chooses for an unknown key, a stale date or a header it cannot read is not
 * documented: they are INVALID_SIGNATURE here (assumption).
 *
 * @throws {GatewayFault} 403, for an unsigned or wrongly signed request.
 */
export function authorise(
  method: Method,
  request: ApiRequest,
  credentials: CredentialStore,
  nowMs: number,
): Credentials | undefined {
  if (method.authorization === 'NONE') return undefined;
  const signed = { method: request.httpMethod, path: request.target, headers: request.nodeHeaders, body: request.body };
  const verdict = verifySigV4(signed, credentials, { service: 'execute-api', nowMs });
  if (verdict.ok) return verdict.principal;
  throw refusal(verdict.reason);
}

/** What a request gets that no method takes: API Gateway does not tell it from an unsigned one. */
export function missingAuthenticationToken(): GatewayFault {
  return new GatewayFault('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token', {
    errorType: 'MissingAuthenticationTokenException',
  });
}

function refusal(reason: SigV4Refusal): GatewayFault {
  if (reason === 'missing') return missingAuthenticationToken();
  if (reason === 'unknown-key') {
    return new GatewayFault('INVALID_SIGNATURE', 'The security token included in the request is invalid.', {
      errorType: 'UnrecognizedClientException',
    });
  }
  if (reason === 'malformed') {
    return new GatewayFault('INVALID_SIGNATURE', MALFORMED, { errorType: 'IncompleteSignatureException' });
  }
  const message = reason === 'expired' ? 'Signature expired or not yet current' : MISMATCH;
  return new GatewayFault('INVALID_SIGNATURE', message, { errorType: 'InvalidSignatureException' });
}
