import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientConfig } from '../adapters/aws-clients.ts';

/** Reads secrets and keeps each for as long as the caller says. One a function, so that its cache outlives an invocation. */
export function createSecretsProvider(): SecretsProvider {
  return new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(awsClientConfig) });
}
