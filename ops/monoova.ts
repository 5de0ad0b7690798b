import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createMonoova } from '../functions/adapters/monoova/client.ts';
import { exchangeOverHttp } from '../functions/adapters/monoova/http-exchange.ts';
import { createApiKeySecret } from '../functions/adapters/secrets.ts';
import type { Monoova, NowMs } from '../functions/shared/ports.ts';
import type { Connection } from './connection.ts';
import type { Resources } from './resources.ts';

/** A person waits longer than a state machine. */
const LOOK_UP_TIMEOUT_MS = 10_000;
/** Payments are made by SubmitPayment alone: one that began here would be over before it was sent. */
const NO_POST = { remitter: { name: '', mAccountToken: '' }, postTimeoutMs: 0 };

/** Monoova, asked with the stage's own key, as far as whoever runs the command may read it. */
export function openMonoova(connection: Connection, resources: Resources, nowMs: NowMs): Monoova {
  return createMonoova({
    readApiKey: createApiKeySecret({
      provider: new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(connection.client) }),
      secretArn: resources.api_key_secret,
      environment: resources.monoova_environment,
      hosts: resources.monoova_hosts,
    }),
    exchange: exchangeOverHttp,
    nowMs,
    lookupTimeoutMs: LOOK_UP_TIMEOUT_MS,
    ...NO_POST,
  });
}
