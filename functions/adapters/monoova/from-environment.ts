import { createSecretsProvider } from '../../powertools/parameters.ts';
import type { Monoova, MonoovaBooks, MonoovaFunds, MonoovaLine } from '../../shared/ports.ts';
import { createApiKeySecret } from '../secrets.ts';
import { createMonoova } from './client.ts';
import { exchangeOverHttp } from './http-exchange.ts';
import type { Remitter } from './wire.ts';

/** What `monoovaVariables` (functions/shared/environment.ts) say. */
type MonoovaEnvironment = {
  readonly MONOOVA_SECRET_ARN: string;
  readonly MONOOVA_ENVIRONMENT: 'sandbox' | 'production';
  readonly MONOOVA_HOSTS: readonly string[];
  readonly MONOOVA_POST_TIMEOUT_MS: number;
  readonly MONOOVA_LOOKUP_TIMEOUT_MS: number;
};

/** Monoova as a function's environment describes it, over real connections. */
export function createMonoovaFrom(
  environment: MonoovaEnvironment,
  remitter: Remitter,
): Monoova<MonoovaLine & MonoovaBooks & MonoovaFunds> {
  return createMonoova({
    readApiKey: createApiKeySecret({
      provider: createSecretsProvider(),
      secretArn: environment.MONOOVA_SECRET_ARN,
      environment: environment.MONOOVA_ENVIRONMENT,
      hosts: environment.MONOOVA_HOSTS,
    }),
    exchange: exchangeOverHttp,
    nowMs: Date.now,
    remitter,
    postTimeoutMs: environment.MONOOVA_POST_TIMEOUT_MS,
    lookupTimeoutMs: environment.MONOOVA_LOOKUP_TIMEOUT_MS,
  });
}
