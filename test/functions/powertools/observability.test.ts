import { afterEach, describe, expect, it, vi } from 'vitest';
import { lambdaHandler } from '../../../functions/powertools/lambda-handler.ts';
import { createLog } from '../../../functions/powertools/logger.ts';
import { createMetrics } from '../../../functions/powertools/metrics.ts';
import { TRANSACTION_ID } from '../../builders/payout.ts';
import { aContext } from './context.ts';
import { linesOf } from './output.ts';

const EXECUTION_ARN = 'arn:aws:states:ap-southeast-2:000000000000:express:submission:one:two';

function open() {
  const log = createLog({ functionName: 'submit-payment', stage: 'dev' });
  const metrics = createMetrics({ stage: 'dev' });
  return { log, metrics };
}

/** One invocation that logs one line. */
function invocation(event: unknown, parts = open()) {
  const handler = lambdaHandler(parts, async () => parts.log.info('Here.'));
  return linesOf(() => handler(event, aContext()));
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a log line', () => {
  it('says which service, stage and function, and which payout, execution and request', async () => {
    const event = { transaction_id: TRANSACTION_ID, execution_arn: EXECUTION_ARN, request_id: 'r-1' };
    const [line] = await invocation(event);
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'Here.',
      service: 'payouts',
      stage: 'dev',
      function: 'submit-payment',
      function_request_id: '11111111-2222-4333-8444-555555555555',
      ...event,
    });
  });

  it('takes its ids from an API event too', async () => {
    const requestContext = { requestId: 'chosen-by-client', extendedRequestId: 'abc=' };
    const [line] = await invocation({ pathParameters: { transaction_id: TRANSACTION_ID }, requestContext });
    expect(line).toMatchObject({ transaction_id: TRANSACTION_ID, request_id: 'abc=' });
    const [other] = await invocation({ pathParameters: null, requestContext: { requestId: 'r-2' } });
    expect(other).toMatchObject({ request_id: 'r-2' });
  });

  it.each([
    { transaction_id: 'txn-nonsense 819877339', request_id: 'two words', execution_arn: 5 },
    { pathParameters: 'x', requestContext: 7 },
    'text',
    null,
  ])('has no ids where there are none: %j', async (event) => {
    const [line] = await invocation(event);
    expect(line).not.toHaveProperty('transaction_id');
    expect(line).not.toHaveProperty('execution_arn');
    expect(line).not.toHaveProperty('request_id');
  });

  it('never wears the ids of another invocation', async () => {
    const parts = open();
    await invocation({ transaction_id: TRANSACTION_ID }, parts);
    const [line] = await invocation({}, parts);
    expect(line).not.toHaveProperty('transaction_id');
  });

  it('is never the event, also where the environment asks for it', async () => {
    vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true');
    const lines = await invocation({ transaction_id: TRANSACTION_ID, note: 'the event' });
    expect(JSON.stringify(lines)).not.toContain('the event');
  });

  it('has levels, and says nothing of a payee', async () => {
    const { log } = open();
    const lines = await linesOf(() => {
      log.warn('Account 819877339 is odd.', { accountNumber: '819877339', deep: { payId: 'jane@example.com' } });
      log.error('No.', { error: new Error('jane@example.com', { cause: new Error('819877339') }) });
    });
    expect(lines).toMatchObject([{ level: 'WARN' }, { level: 'ERROR', error: { name: 'Error', message: '***' } }]);
    expect(JSON.stringify(lines)).not.toMatch(/819877339|jane@/);
  });
});

describe('an invocation that fails', () => {
  it('is logged once with its name and cause, writes its metrics, and fails', async () => {
    const parts = open();
    const error = new TypeError('broken', { cause: new RangeError('beneath') });
    const handler = lambdaHandler(parts, async () => {
      parts.metrics.count('PayoutFailed');
      throw error;
    });
    const lines = await linesOf(() =>
      expect(handler({ transaction_id: TRANSACTION_ID }, aContext())).rejects.toBe(error),
    );
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        transaction_id: TRANSACTION_ID,
        error: { name: 'TypeError', message: 'broken', cause: { name: 'RangeError' } },
      },
      { PayoutFailed: 1 },
    ]);
  });

  it('is told from a thing thrown that is no error', async () => {
    const handler = lambdaHandler(open(), () => Promise.reject('a text with 819877339'));
    const lines = await linesOf(() => expect(handler({}, aContext())).rejects.toBe('a text with 819877339'));
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('819877339');
  });
});

describe('the metrics', () => {
  it('have two dimensions and no more, and are written once an invocation', async () => {
    const parts = open();
    const handler = lambdaHandler(parts, async () => {
      parts.metrics.count('PayoutSubmitted');
      parts.metrics.count('PayoutSubmitted');
      parts.metrics.count('DoorbellFailed', 3);
    });
    const [first, ...others] = await linesOf(() => handler({}, aContext()));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ service: 'payouts', stage: 'dev', PayoutSubmitted: [1, 1], DoorbellFailed: 3 });
    expect(first).toHaveProperty('_aws.CloudWatchMetrics.0.Namespace', 'Payouts');
    expect(first).toHaveProperty('_aws.CloudWatchMetrics.0.Dimensions', [['service', 'stage']]);
    const again = await linesOf(() => lambdaHandler(parts, async () => {})({}, aContext()));
    expect(again).toEqual([]);
  });

  it('give a measure the unit that its name ends with', async () => {
    const parts = open();
    const handler = lambdaHandler(parts, async () => {
      parts.metrics.measure('CompletedAfterMs', 4500);
      parts.metrics.measure('PayIdCompletedCents', 1234);
    });
    const [line] = await linesOf(() => handler({}, aContext()));
    expect(line).toMatchObject({ CompletedAfterMs: 4500, PayIdCompletedCents: 1234 });
    expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Metrics', [
      { Name: 'CompletedAfterMs', Unit: 'Milliseconds' },
      { Name: 'PayIdCompletedCents', Unit: 'Count' },
    ]);
  });
});
