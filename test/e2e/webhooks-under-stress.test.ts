import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../local/json.ts';
import { ExecutionEnvironment } from '../../local/lambda/execution-environment.ts';
import { percentilesOf } from '../bench/statistics.ts';
import { type TestRun, useLocalRun } from '../support/local-run.ts';
import { refuse } from '../support/outage.ts';
import { pass } from '../support/pass.ts';
import { createPayout, getPayout } from '../support/payouts.ts';
import { recordsOf } from '../support/records.ts';
import { statusOf, tellSigned } from '../support/webhooks.ts';

const TABLE = 'payouts-dev-transactions';
/** How long Monoova may wait for its answer, and how long an outcome may take to its record. */
const ANSWERED_MS = 3_000;
const WRITTEN_MS = 5_000;
/** Longer than five receives take. */
const GIVEN_UP_MS = 45 * 60_000;
const TIMEOUT_MS = 60_000;

/** Of a payment that is none of ours. */
const FOREIGN = 'txn-0fdc3a52-7be1-4c55-9c7d-8e9f0a1b2c3d';

const run = useLocalRun();
const invokeNow = ExecutionEnvironment.prototype.run;

function isEmpty(queue: string): boolean {
  const counts = run().services.sqs.findByArn(`arn:aws:sqs:ap-southeast-2:000000000000:${queue}`)?.counts();
  return counts !== undefined && Object.values(counts).every((count) => count === 0);
}

const open = { outcome: 'never-final', webhooks: [] } as const;

/** Open payouts, whose outcome nobody tells but the test. Only the first has a guard: making many is no part of what is measured. */
async function openPayouts(count: number): Promise<string[]> {
  run().simulator?.script('*', open, { on: 'execute', times: 1 });
  const { id } = await createPayout(run());
  const { Item } = await run().services.dynamodb.call('GetItem', {
    TableName: TABLE,
    Key: { transaction_id: { S: id } },
  });
  const { task_token: _token, ...record } = Item as JsonObject;
  const ids = Array.from(
    { length: count - 1 },
    (_, index) => `${id.slice(0, -4)}${index.toString(16).padStart(4, '0')}`,
  );
  for (const copy of ids) {
    const named = { transaction_id: { S: copy }, uniqueReference: { S: copy.slice('txn-'.length) } };
    await run().services.dynamodb.call('PutItem', { TableName: TABLE, Item: { ...record, ...named } });
  }
  return [id, ...ids];
}

type Taken = { readonly beganMs: number; readonly endedMs: number };

/** By `performance.now`: when the receiver was at work on each webhook, and when each payout's record was first written. */
function watchReceiver({ services: { dynamodb } }: TestRun) {
  const taken: Taken[] = [];
  const writtenAtMs = new Map<string, number>();
  const invoking = vi.spyOn(ExecutionEnvironment.prototype, 'run').mockImplementation(async function timed(
    this: ExecutionEnvironment,
    message,
  ) {
    const beganMs = performance.now();
    const result = await invokeNow.call(this, message);
    if (message.invokedFunctionArn.includes('receive-webhook')) taken.push({ beganMs, endedMs: performance.now() });
    return result;
  });
  const writing = vi.spyOn(dynamodb, 'handle').mockImplementation(async ({ action, input }) => {
    const output = await dynamodb.call(action, input);
    const id = (input['Key'] as { transaction_id?: { S: string } } | undefined)?.transaction_id?.S;
    if (action === 'UpdateItem' && id !== undefined && !writtenAtMs.has(id)) writtenAtMs.set(id, performance.now());
    return output;
  });
  const stop = () => {
    invoking.mockRestore();
    writing.mockRestore();
  };
  return { taken, writtenAtMs, stop };
}

function shown(durationsMs: readonly number[]): string {
  const { p50Ms, p95Ms } = percentilesOf(durationsMs);
  return `p50 ${Math.round(p50Ms)}, p95 ${Math.round(p95Ms)}, most ${Math.round(Math.max(...durationsMs))} ms`;
}

/** On Lambda each event has an environment of its own; here a few take turns, and a burst waits for them as it never would there. */
describe('many webhooks at once', () => {
  it.each([
    { count: 20, isWaitCounted: true },
    { count: 200, isWaitCounted: false },
  ])('$count are each answered in three seconds, and written in five', { timeout: TIMEOUT_MS }, async (load) => {
    const { count, isWaitCounted } = load;
    const ids = await openPayouts(count);
    // Whatever environments are wanted are there: what is measured is not how a function starts.
    await Promise.all(ids.slice(0, 4).map(() => tellSigned(run(), statusOf(FOREIGN))));
    const { taken, writtenAtMs, stop } = watchReceiver(run());
    const sentAtMs = performance.now();
    const answeredMs = await Promise.all(
      ids.map(async (id) => {
        expect((await tellSigned(run(), statusOf(id))).status).toBe(200);
        return performance.now() - sentAtMs;
      }),
    );
    stop();
    const ownMs = taken.map(({ beganMs, endedMs }) => endedMs - beganMs);
    const writtenMs = ids.map((id) => (writtenAtMs.get(id) ?? Number.POSITIVE_INFINITY) - sentAtMs);
    console.log(`${count} webhooks at once: answered ${shown(answeredMs)}; written ${shown(writtenMs)}`);
    console.log(`${count} webhooks at once: the receiver's own time ${shown(ownMs)}`);
    expect(ownMs).toHaveLength(count);
    expect(Math.max(...(isWaitCounted ? answeredMs : ownMs))).toBeLessThan(ANSWERED_MS);
    expect(Math.max(...writtenMs)).toBeLessThan(isWaitCounted ? WRITTEN_MS : Number.POSITIVE_INFINITY);
    const records = (await recordsOf(run())).filter(({ transaction_id }) => ids.includes(transaction_id));
    const ends = records.map(({ status, history }) => [
      status,
      history.filter(({ kind }) => kind === 'completed').length,
    ]);
    expect(ends).toEqual(ids.map(() => ['Completed', 1]));
    expect(isEmpty('payouts-dev-webhook-retry')).toBe(true);
  });
});

/** Payouts that nobody but these webhooks ends; all are sent at once, and answered when this resolves. */
async function tellAll(ids: readonly string[]): Promise<void> {
  const numbers = new Map(
    run()
      .simulator?.payments()
      .map((payment) => [payment.uniqueReference, payment.transactionId]),
  );
  await Promise.all(
    ids.map(async (id) => {
      const TransactionId = numbers.get(id.slice('txn-'.length)) ?? 0;
      await run().simulator?.tell('NppPaymentStatus', statusOf(id, { TransactionId }), {});
    }),
  );
}

describe('while DynamoDB refuses for a minute', () => {
  it('every webhook is kept, and applied when it is back', { timeout: TIMEOUT_MS }, async () => {
    run().simulator?.script('*', open, { on: 'execute', times: 9 });
    const ids: string[] = [];
    while (ids.length < 9) ids.push((await createPayout(run())).id);
    const before = run().simulator?.webhooks().length ?? 0;
    const answers = () =>
      run()
        .simulator?.webhooks()
        .slice(before)
        .map(({ statusCode }) => statusCode) ?? [];
    const { dynamodb, sqs } = run().services;

    const tableIsBack = refuse(dynamodb, () => true);
    // For the first three even the queue is away: Monoova hears 500, and comes again after thirty seconds.
    const queueIsBack = refuse(sqs, ({ action }) => action === 'SendMessage');
    await tellAll(ids.slice(0, 3));
    expect(answers()).toEqual([500, 500, 500]);
    queueIsBack();
    await pass(run(), 27_000);
    await tellAll(ids.slice(3, 6));
    await pass(run(), 27_000);
    await tellAll(ids.slice(6));
    await pass(run(), 6_000);
    expect(answers().filter((status) => status === 200)).toHaveLength(9);
    expect(answers()).toHaveLength(12);
    expect(isEmpty('payouts-dev-webhook-retry')).toBe(false);
    tableIsBack();

    let waitedMs = 0;
    for (; !isEmpty('payouts-dev-webhook-retry') && waitedMs < GIVEN_UP_MS; waitedMs += 2_000) await pass(run(), 2_000);
    console.log(`DynamoDB away for a minute: 9 webhooks kept, all applied ${waitedMs / 1_000} s after it was back`);
    expect(isEmpty('payouts-dev-webhook-dead-letters')).toBe(true);
    for (const id of ids) {
      const { status, history } = await getPayout(run(), id);
      const completed = history.filter(({ event }) => event === 'completed');
      expect([status, completed.map(({ source }) => source)]).toEqual(['Completed', ['webhook']]);
    }
  });
});
