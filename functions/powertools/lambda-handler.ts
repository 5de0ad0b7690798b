import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { parseTransactionId } from '../../domain/reference.ts';
import type { InvocationIds, InvocationLog } from './logger.ts';
import type { InvocationMetrics } from './metrics.ts';

type Observability = { readonly log: InvocationLog; readonly metrics: InvocationMetrics };

/** An id is a name without spaces; anything else in its place is not copied into the log. */
const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,300}$/)
  .optional()
  .catch(undefined);

const identified = z.object({
  transaction_id: id,
  execution_arn: id,
  request_id: id,
  pathParameters: z.object({ transaction_id: id }).optional().catch(undefined),
  requestContext: z.object({ extendedRequestId: id, requestId: id }).optional().catch(undefined),
});

/**
 * What every `index.ts` exports: the handler with its ids on every line and its metrics written, also when it throws. An
 * error that was not expected is logged once and thrown on, since Step Functions and API Gateway decide by it.
 */
export function lambdaHandler<Event, Result>(
  { log, metrics }: Observability,
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return (event, context) =>
    log.withInvocation(idsOf(event), context, async () => {
      try {
        return await handle(event, context);
      } catch (error) {
        log.error('The invocation failed.', { error: asError(error) });
        throw error;
      } finally {
        metrics.flush();
      }
    });
}

/** The submission machine sends its ids as fields; API Gateway's proxy event carries them in its context and path. */
function idsOf(event: unknown): InvocationIds {
  const parsed = identified.safeParse(event);
  if (!parsed.success) return {};
  const { transaction_id, execution_arn, request_id, pathParameters, requestContext } = parsed.data;
  const transactionId = parseTransactionId(transaction_id ?? pathParameters?.transaction_id);
  const requestId = request_id ?? requestContext?.extendedRequestId ?? requestContext?.requestId;
  return {
    ...(transactionId === undefined ? {} : { transaction_id: transactionId }),
    ...(execution_arn === undefined ? {} : { execution_arn }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Something was thrown that is no Error.');
}
