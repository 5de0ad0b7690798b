import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { PayoutDetails } from '../../domain/answers.ts';
import { HELD_ROUND_EVENTS } from '../../infra/stages.ts';
import { ROOT as ACCOUNT_ROOT } from '../../local/aws/credentials.ts';
import type { JsonObject } from '../../local/json.ts';
import { createMonoovaSimulator } from '../../local/monoova/server.ts';
import type { Simulator } from '../../local/monoova/simulator.ts';
import { runCommand } from '../ops/run-command.ts';
import { type TestRun, useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, uniqueKey } from '../support/payouts.ts';

/** The first wait of the guard, and a little. */
const FIRST_WAIT_MS = 61_000;
/** The longest that a guard waits while its payout is held back, and a little. */
const LONGEST_HOLD_MS = 301_000;
const ROUNDS_MAX = 10;
const API_KEY = 'local-monoova-api-key';
/** A secret is read again after five minutes. */
const SECRETS_FORGOTTEN_MS = 301_000;
/** Retries of Step Functions take their real seconds. */
const TIMEOUT_MS = 60_000;

const INSTANT = { customer_id: 'cust-demo-instant' };

async function payouts(run: TestRun, ...args: string[]) {
  const env = { AWS_ENDPOINT_URL: run.awsUrl };
  const { code, out, err } = await runCommand(args, { env, nowMs: run.clock.nowMs() });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

async function recordOf(run: TestRun, id: string): Promise<JsonObject> {
  const Key = { transaction_id: { S: id } };
  const { Item } = await run.services.dynamodb.call('GetItem', { TableName: 'payouts-dev-transactions', Key });
  return Item as JsonObject;
}

/** The payout once it is final. Its guard may need another round or two where the machine is busy with something else. */
async function settledInTime(run: TestRun, id: string): Promise<PayoutDetails> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    const payout = await getPayout(run, id);
    if (payout.status !== 'Pending') return payout;
    await run.advance(LONGEST_HOLD_MS);
  }
  throw new Error(`${id} is still Pending`);
}

const postsOf = (simulator: Simulator | undefined, ...ids: string[]) =>
  (simulator?.requests() ?? []).filter(
    ({ method, uniqueReference }) => method === 'POST' && ids.includes(`txn-${uniqueReference}`),
  );

const paymentsOf = (simulator: Simulator | undefined, id: string) =>
  (simulator?.payments() ?? []).filter(({ uniqueReference }) => `txn-${uniqueReference}` === id);

const guardOf = (id: string) => `arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement:${id}`;

describe('while Monoova cannot be reached', { timeout: TIMEOUT_MS }, () => {
  const webhookToken = 'token';
  let simulator: Simulator | undefined;
  // Nobody listens there until a simulator does.
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const monoova = { url: `http://127.0.0.1:${port}`, apiKey: API_KEY, webhookToken };
  const run = useLocalRun({ monoova });
  afterAll(() => simulator?.stop());

  it('a request is answered 202 in under a second once the breaker is open, and each is paid once when it is back', async () => {
    const first = await createPayout(run(), INSTANT);
    const second = await createPayout(run(), INSTANT);
    expect(await payouts(run(), 'controls')).toContain('breaker  open until');

    const startedMs = performance.now();
    const third = await createPayout(run(), INSTANT);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    const ids = [first.id, second.id, third.id];
    for (const { status, body } of [first, second, third]) {
      expect({ status, body }).toMatchObject({ status: 202, body: { status: 'Pending' } });
    }
    for (const id of ids) expect(await recordOf(run(), id)).toMatchObject({ posts: { N: '0' } });
    expect(await recordOf(run(), third.id)).toMatchObject({ revision: { N: '1' } });

    simulator = createMonoovaSimulator({ apiKey: API_KEY });
    await simulator.listen(port);
    await run().advance(FIRST_WAIT_MS + LONGEST_HOLD_MS);
    for (const id of ids) {
      expect(await settledInTime(run(), id)).toMatchObject({ status: 'Completed' });
      expect(paymentsOf(simulator, id)).toHaveLength(1);
      expect(postsOf(simulator, id)).toHaveLength(1);
    }
    expect(await payouts(run(), 'controls')).toContain('breaker  closed\n');
  });
});

describe('the controls', { timeout: TIMEOUT_MS }, () => {
  const run = useLocalRun();
  let takeBack: (() => void) | undefined;
  afterEach(() => {
    takeBack?.();
    takeBack = undefined;
  });

  /** What could not be sent when it was asked for: recorded, with a guard, and never received. */
  async function unsentPayout(): Promise<string> {
    takeBack = run().simulator?.script(() => true, 'throttled', { on: 'execute' });
    const { id } = await createPayout(run(), INSTANT);
    takeBack?.();
    expect(await recordOf(run(), id)).toMatchObject({ posts: { N: '0' } });
    return id;
  }

  it('open the breaker after five lost POSTs, and pay what came meanwhile once', async () => {
    takeBack = run().simulator?.script(() => true, 'unavailable', { on: 'execute' });
    const lost = [];
    for (let count = 0; count < 5; count++) lost.push(await createPayout(run(), INSTANT));
    const held = await createPayout(run(), INSTANT);
    expect(held).toMatchObject({ status: 202, body: { status: 'Pending' } });
    expect(postsOf(run().simulator, held.id)).toHaveLength(0);
    takeBack?.();
    await run().advance(FIRST_WAIT_MS + LONGEST_HOLD_MS);
    expect(await settledInTime(run(), held.id)).toMatchObject({ status: 'Completed' });
    expect(postsOf(run().simulator, held.id)).toHaveLength(1);
    for (const { id } of lost) expect(paymentsOf(run().simulator, id).length).toBeLessThanOrEqual(1);
  });

  it('pause at once: new requests are refused and not recorded, replays answer, recorded payouts wait and are paid once', async () => {
    const known = { ...INSTANT, key: uniqueKey() };
    const first = await createPayout(run(), known);
    const waiting = await unsentPayout();
    const out = await payouts(run(), 'pause', '--reason', 'drill');
    expect(out).toContain('by arn:aws:iam::000000000000:root: drill');

    const refused = await createPayout(run(), INSTANT);
    expect(refused).toMatchObject({ status: 503, body: { code: 'paused', title: 'New payouts are paused' } });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    const replayed = await createPayout(run(), known);
    expect(replayed).toMatchObject({ status: 202, body: first.body });
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    await run().advance(3_600_000);
    expect(postsOf(run().simulator, waiting).length).toBe(3);
    expect(await getPayout(run(), waiting)).toMatchObject({ status: 'Pending' });

    await payouts(run(), 'resume');
    expect(await createPayout(run(), INSTANT)).toMatchObject({ status: 202, body: { status: 'Completed' } });
    await run().advance(LONGEST_HOLD_MS);
    expect(await settledInTime(run(), waiting)).toMatchObject({ status: 'Completed' });
    expect(paymentsOf(run().simulator, waiting)).toHaveLength(1);
  });

  it('record nothing of a request that the pause refused: with the same key it is new afterwards', async () => {
    const request = { ...INSTANT, key: uniqueKey() };
    await payouts(run(), 'pause', '--reason', 'drill');
    expect((await createPayout(run(), request)).status).toBe(503);
    await payouts(run(), 'resume');
    const later = await createPayout(run(), request);
    expect(later).toMatchObject({ status: 202, body: { status: 'Completed' } });
    expect(later.headers.get('idempotent-replayed')).toBeNull();
  });

  it('wait out a short Retry-After within the request', async () => {
    const answer = { kind: 'verbatim', httpStatus: 429, headers: { 'Retry-After': '2' }, body: '' } as const;
    takeBack = run().simulator?.script('*', { take: false, answer }, { times: 1 });
    const startedMs = performance.now();
    const { id, body } = await createPayout(run(), INSTANT);
    expect(performance.now() - startedMs).toBeGreaterThan(2_000);
    expect(body).toMatchObject({ status: 'Completed' });
    expect(postsOf(run().simulator, id)).toHaveLength(2);
  });

  it('leave Monoova alone for a long Retry-After: 202 at once, and the guard goes on', async () => {
    const answer = { kind: 'verbatim', httpStatus: 429, headers: { 'Retry-After': '600' }, body: '' } as const;
    takeBack = run().simulator?.script('*', { take: false, answer }, { times: 1 });
    const { id, status } = await createPayout(run(), INSTANT);
    const other = await createPayout(run(), INSTANT);
    expect([status, other.status]).toEqual([202, 202]);
    expect(await payouts(run(), 'controls')).toContain('(HTTP 429, Retry-After 600 s)');
    await run().advance(590_000);
    expect(postsOf(run().simulator, id, other.id)).toHaveLength(1);
    await run().advance(2 * LONGEST_HOLD_MS);
    for (const one of [id, other.id]) {
      expect(await settledInTime(run(), one)).toMatchObject({ status: 'Completed' });
      expect(paymentsOf(run().simulator, one)).toHaveLength(1);
    }
  });

  it('show a refused key once, whoever calls, and its successor by one call first', async () => {
    const watching = await createPayout(run(), { customer_id: 'cust-demo-lost-response' });
    const refusals = () => (run().simulator?.requests() ?? []).filter(({ httpStatus }) => httpStatus === 401);
    const before = refusals().length;
    await putApiKey('a-wrong-key');
    // The guard of the watched payout asks meanwhile, and may be the one that shows it.
    await run().advance(SECRETS_FORGOTTEN_MS);
    const first = await createPayout(run(), INSTANT);
    const others = await Promise.all(Array.from({ length: 3 }, () => createPayout(run(), INSTANT)));
    await run().advance(3_600_000);
    const ids = [first, ...others].map(({ id }) => id);
    expect([first, ...others].map(({ status }) => status)).toEqual(ids.map(() => 202));
    expect(refusals().length - before).toBe(1);
    expect(await payouts(run(), 'controls')).toContain('(MerchantFailedToLogin): nobody shows it.');
    for (const id of ids) expect(await recordOf(run(), id)).toMatchObject({ posts: { N: '0' } });

    await putApiKey(API_KEY);
    await run().advance(LONGEST_HOLD_MS);
    for (const id of ids) {
      expect(await settledInTime(run(), id)).toMatchObject({ status: 'Completed' });
      expect(paymentsOf(run().simulator, id)).toHaveLength(1);
    }
    expect(refusals().length - before).toBe(1);
    expect(await settledInTime(run(), watching.id)).toMatchObject({ status: 'Completed' });
  });

  it('hold a payout in rounds of as many events as the settings of a stage count with', async () => {
    const id = await unsentPayout();
    await payouts(run(), 'pause', '--reason', 'drill');
    await run().advance(FIRST_WAIT_MS + 5 * LONGEST_HOLD_MS);
    const events = () => run().stepFunctions.getExecutionHistory(guardOf(id)).length;
    const before = events();
    await run().advance(10 * 300_000);
    expect((events() - before) / 10).toBe(HELD_ROUND_EVENTS);
    await payouts(run(), 'resume');
    await run().advance(LONGEST_HOLD_MS);
    expect(await settledInTime(run(), id)).toMatchObject({ status: 'Completed' });
  });

  async function putApiKey(apiKey: string): Promise<void> {
    const SecretString = JSON.stringify({ apiKey, environment: 'sandbox', baseUrl: run().monoovaUrl });
    const input = { SecretId: 'monoova/dev/api-key', SecretString };
    await run().services.secretsManager.handle({ action: 'PutSecretValue', input, principal: ACCOUNT_ROOT });
  }
});
