import { describe, expect, it } from 'vitest';
import { SECOND } from '../../local/aws/credentials.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled } from '../support/payouts.ts';

/** The guard's patience, and a little. */
const PATIENCE_MS = 4 * 86_400_000;
/** The first wait of a guard, and a little. */
const FIRST_WAIT_MS = 61_000;
const EVIDENCE = "23 Nov 2026, Monoova's support, ticket ending 4711: they never had it";
const NOT_FOUND = {
  kind: 'verbatim',
  httpStatus: 400,
  headers: {},
  body: JSON.stringify({ status: 'UniqueIdNotFound', statusDescription: 'The Unique ID was not found' }),
} as const;
const SECOND_ARN = 'arn:aws:iam::000000000000:user/second';

describe('what a second person says of a payout that was escalated', () => {
  const run = useLocalRun();

  /** Asked for by root unless told otherwise. Every POST is answered with an error and takes nothing. */
  async function escalated(request: Parameters<typeof createPayout>[1] = {}): Promise<string> {
    const takeBack = run().simulator?.script('*', 'error-before-taking');
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-instant', ...request });
    await givenUp(id);
    takeBack?.();
    return id;
  }

  async function givenUp(id: string): Promise<void> {
    await failed(id);
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });
  }

  /** Day by day: on a busy machine a look-up may take longer than time is held for it, and then the guard waits once more. */
  async function failed(guard: string): Promise<void> {
    for (let day = 0; day < 8 && guardOf(guard).status !== 'FAILED'; day++) await run().advance(86_400_000);
    await run().until(() => (guardOf(guard).status === 'FAILED' ? true : undefined));
  }

  function guardOf(name: string) {
    const machine = 'arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement';
    return run().stepFunctions.describeExecution(`${machine}:${name}`);
  }

  function command(person: 'local' | 'second', ...args: string[]) {
    const env = { AWS_ENDPOINT_URL: run().awsUrl, AWS_ACCESS_KEY_ID: person, AWS_SECRET_ACCESS_KEY: person };
    return runCommand(args, { env, nowMs: run().clock.nowMs() });
  }

  const resolve = (id: string, as: string, evidence = EVIDENCE) =>
    command('second', 'resolve', id, '--as', as, '--evidence', evidence);

  async function recordOf(id: string) {
    const key = { TableName: 'payouts-dev-transactions', Key: { transaction_id: { S: id } } };
    const { Item } = await run().services.dynamodb.call('GetItem', key);
    return Item as Record<string, { S?: string; N?: string }>;
  }

  const paymentsOf = (id: string) =>
    (run().simulator?.payments() ?? []).filter(({ uniqueReference }) => `txn-${uniqueReference}` === id);

  const postsOf = (id: string) =>
    (run().simulator?.requests() ?? []).filter(
      ({ method, uniqueReference }) => method === 'POST' && `txn-${uniqueReference}` === id,
    );

  it.each([
    ['completed', 'Completed', 'The payee has the money.'],
    ['rejected', 'Rejected', "The payee's bank refused the money."],
    ['failed', 'Failed', 'No money moved.'],
  ])('%s ends it, and the story says who said so and why', async (as, status, words) => {
    const id = await escalated();
    const { code, out, err } = await resolve(id, as);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${status}: ${words}`);
    const payout = await getPayout(run(), id);
    expect(payout).toMatchObject({ status });
    expect(payout).not.toHaveProperty('conflict');
    expect(payout.history.at(-1)).toMatchObject({ source: 'operator', event: as });

    const { out: story } = await command('local', 'explain', id);
    expect(story).toContain(`by operator ${SECOND_ARN}, "${EVIDENCE}"`);
    expect(await command('second', 'resolve', id, '--as', as, '--evidence', EVIDENCE)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`it is ${status} already`),
    });
  });

  it('resend pays it once, with a guard of its own, under the same reference', async () => {
    const id = await escalated();
    const before = postsOf(id).length;
    expect(paymentsOf(id)).toHaveLength(0);

    const { code, out } = await resolve(id, 'resend');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Guard 2 looks for it at Monoova') });
    expect(guardOf(`${id}-2`)).toMatchObject({ status: 'RUNNING' });
    const { out: story } = await command('local', 'explain', id);
    expect(story).toContain(
      'Nothing was received, on the word of a person, and it may be sent once more. Guard 2 waits',
    );
    // A word that is not used yet needs no second one.
    expect(await resolve(id, 'resend', 'the same, typed once more')).toMatchObject({ code: 0 });
    await run().advance(FIRST_WAIT_MS);

    expect(await settled(run(), id)).toMatchObject({ status: 'Completed' });
    expect(paymentsOf(id)).toHaveLength(1);
    expect(postsOf(id)).toHaveLength(before + 1);
    const { history } = await getPayout(run(), id);
    expect(history.filter(({ event }) => event === 'resend')).toHaveLength(1);
    await run().advance(PATIENCE_MS);
    expect(paymentsOf(id)).toHaveLength(1);
  });

  it('resend that is lost again is sent no more, and is given to a person again', async () => {
    const id = await escalated();
    const takeBack = run().simulator?.script('*', 'error-before-taking');
    const before = postsOf(id).length;
    expect(await resolve(id, 'resend')).toMatchObject({ code: 0 });
    await failed(`${id}-2`);
    takeBack?.();
    expect(postsOf(id)).toHaveLength(before + 1);
    expect((await getPayout(run(), id)).history.filter(({ event }) => event === 'escalated')).toHaveLength(2);
    const { out } = await command('local', 'explain', id);
    expect(out).toContain('Pending, and a person owns it since');
  });

  it('failed is refused where Monoova knows the payment at this very moment, and what it says is written', async () => {
    const takeBack = run().simulator?.script('*', 'unavailable', { on: 'status' });
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-lost-response' });
    await givenUp(id);
    for (const as of ['failed', 'resend']) {
      expect(await resolve(id, as)).toMatchObject({ code: 1, err: expect.stringContaining('Monoova does not answer') });
    }
    takeBack?.();
    const { code, err } = await resolve(id, 'failed');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Monoova itself calls it completed now') });
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Completed' });
    expect(paymentsOf(id)).toHaveLength(1);
  });

  it('only completed may be said while Monoova works on it, and what is final goes only upwards', async () => {
    const takeBack = run().simulator?.script('*', { outcome: 'never-final', answer: { kind: 'cut' }, webhooks: [] });
    const { id } = await createPayout(run(), {});
    takeBack?.();
    await givenUp(id);
    for (const as of ['rejected', 'failed']) {
      expect(await resolve(id, as)).toMatchObject({ code: 1, err: expect.stringContaining('Monoova knows it') });
    }
    expect(await resolve(id, 'resend')).toMatchObject({ code: 1, err: expect.stringContaining('it holds it') });
    expect(await resolve(id, 'completed')).toMatchObject({ code: 0 });
    for (const as of ['rejected', 'failed']) {
      expect(await resolve(id, as)).toMatchObject({ code: 1, err: expect.stringContaining('no fact lowers that') });
    }
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Completed' });
  });

  it('failed that was wrong is raised by the webhook that comes late, and a person is told of the conflict', async () => {
    const paidUnseen = { answer: { kind: 'cut' }, webhooks: [{ afterMs: 6 * 86_400_000 }] } as const;
    const takeBackPaid = run().simulator?.script('*', paidUnseen, { times: 1 });
    const takeBackLost = run().simulator?.script('*', { answer: NOT_FOUND }, { on: 'status' });
    const { id } = await createPayout(run(), {});
    takeBackPaid?.();
    await givenUp(id);
    expect(await resolve(id, 'failed')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Failed: No money moved'),
    });
    takeBackLost?.();
    await run().advance(PATIENCE_MS);
    const payout = await run().until(async () => {
      const now = await getPayout(run(), id);
      return now.status === 'Completed' ? now : undefined;
    });
    expect(payout).toMatchObject({ conflict: true });
    expect((await command('local', 'explain', id)).out).toContain('Facts about it contradict each other');
  });

  it('nobody resolves what they have asked for themselves', async () => {
    const asked = await escalated();
    const before = await recordOf(asked);
    const refused = await command('local', 'resolve', asked, '--as', 'failed', '--evidence', EVIDENCE);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('it takes a second person') });
    expect(await recordOf(asked)).toEqual(before);

    const { id } = await createPayout(run(), { as: SECOND });
    expect((await recordOf(id))['requested_by']).toEqual({ S: SECOND_ARN });
    expect(await resolve(id, 'completed')).toMatchObject({
      code: 1,
      err: expect.stringContaining('it takes a second person'),
    });
    expect(await command('local', 'resolve', id, '--as', 'completed', '--evidence', EVIDENCE)).toMatchObject({
      code: 0,
    });
  });

  it.each([
    'they paid account 12345678 instead',
    'BSB 802-985 is wrong, says Monoova',
    'jane@example.com has confirmed it',
    'asked on 2026-11-23, they never had it',
  ])('evidence with what may be an account is refused, with what to write instead: %s', async (evidence) => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    const before = await recordOf(id);
    const { code, err } = await resolve(id, 'completed', evidence);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('a ticket by its last four digits') });
    expect(err).not.toContain(evidence);
    expect(await recordOf(id)).toEqual(before);
  });
});
