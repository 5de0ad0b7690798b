import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Log } from '../shared/ports.ts';
import { redact } from './redact.ts';
import { SERVICE } from './service.ts';

/** What ties a line to a payout, to the execution that made it, and to the request that started that. */
export type InvocationIds = {
  readonly transaction_id?: string;
  readonly execution_arn?: string;
  readonly request_id?: string;
};

export type InvocationLog = Log & {
  /** Runs with the ids on every line; they are gone afterwards, also when it throws, so that no other invocation wears them. */
  withInvocation<Result>(ids: InvocationIds, context: Context, run: () => Promise<Result>): Promise<Result>;
};

/**
 * The structured log of one function. Events are never logged whole (`logEvent` stays off, also where an environment
 * variable asks for it: nothing here calls it).
 */
export function createLog(options: { readonly functionName: string; readonly stage: string }): InvocationLog {
  const logger = new Logger({
    serviceName: SERVICE,
    persistentKeys: { stage: options.stage, function: options.functionName },
    jsonReplacerFn: redact,
  });
  return {
    info: (message, keys = {}) => logger.info(message, keys),
    warn: (message, keys = {}) => logger.warn(message, keys),
    error: (message, keys = {}) => logger.error(message, keys),
    async withInvocation(ids, context, run) {
      logger.resetKeys();
      logger.addContext(context);
      logger.appendKeys(ids);
      try {
        return await run();
      } finally {
        logger.resetKeys();
      }
    },
  };
}
