import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { createMonoova } from '../../../functions/adapters/monoova/client.ts';
import type { Remitter } from '../../../functions/adapters/monoova/wire.ts';
import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import { createApiKeySecret } from '../../../functions/adapters/secrets.ts';
import { createTaskTokens } from '../../../functions/adapters/task-tokens.ts';
import type { Monoova, MonoovaBooks, MonoovaLine } from '../../../functions/shared/ports.ts';
import type { SettleDeps } from '../../../functions/shared/settle.ts';
import type { FunctionDeps } from '../lambda/environment.ts';

/** What functions/adapters/settling.ts composes. */
export function settling({ clients, log, metrics }: FunctionDeps, tableName: string): SettleDeps {
  return {
    store: createPayoutStore(clients.documents, tableName),
    tokens: createTaskTokens(clients.sfn),
    metrics,
    log,
  };
}

type MonoovaVariables = {
  readonly MONOOVA_SECRET_ARN: string;
  readonly MONOOVA_ENVIRONMENT: 'sandbox' | 'production';
  readonly MONOOVA_HOSTS: readonly string[];
  readonly MONOOVA_POST_TIMEOUT_MS: number;
  readonly MONOOVA_LOOKUP_TIMEOUT_MS: number;
};

/** What functions/adapters/monoova/from-environment.ts composes. */
export function monoovaFrom(
  deps: FunctionDeps,
  environment: MonoovaVariables,
  remitter: Remitter,
): Monoova<MonoovaLine & MonoovaBooks> {
  return createMonoova({
    readApiKey: createApiKeySecret({
      provider: secretsProvider(deps),
      secretArn: environment.MONOOVA_SECRET_ARN,
      environment: environment.MONOOVA_ENVIRONMENT,
      hosts: environment.MONOOVA_HOSTS,
    }),
    exchange: deps.exchange,
    nowMs: deps.nowMs,
    remitter,
    postTimeoutMs: environment.MONOOVA_POST_TIMEOUT_MS,
    lookupTimeoutMs: environment.MONOOVA_LOOKUP_TIMEOUT_MS,
  });
}

export function secretsProvider({ clients }: FunctionDeps): SecretsProvider {
  return new SecretsProvider({ awsSdkV3Client: clients.secretsManager });
}
