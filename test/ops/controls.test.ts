import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Controls } from '../../domain/controls.ts';
import { connectionOf } from '../../ops/connection.ts';
import { openControls } from '../../ops/controls.ts';
import { type LocalRun, startLocalRun } from './local-run.ts';
import { runCommand } from './run-command.ts';

const NOW_MS = Date.parse('2026-11-23T00:00:00.000Z');
let run: LocalRun;

beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.close());

const command = (...args: string[]) => runCommand(args, { env: run.env, nowMs: NOW_MS });
const openStore = async () => (await openControls(connectionOf({}, run.env))).store;

/** What happened before a command runs. */
async function given(fields: Partial<Controls>): Promise<void> {
  const store = await openStore();
  const before = await store.read();
  expect(await store.replace(before, { revision: before.revision + 1, changed_by: 'test', ...fields })).toBe(true);
}

const OPEN = { open_until: '2026-11-23T00:01:00.000Z', open_reason: 'TIMEOUT', openings: 2 };

describe('pause and resume', () => {
  it('write who, when and why, and take it out again', async () => {
    await given({ failures: 2 });
    const { code, out } = await command('pause', '--reason', 'Monoova asked us to');
    expect(code).toBe(0);
    expect(out).toContain(
      'paused since 2026-11-23 11:00:00.000 +11:00 by arn:aws:iam::000000000000:root: Monoova asked us to.',
    );
    expect(await (await openStore()).read()).toMatchObject({
      failures: 2,
      paused_at: '2026-11-23T00:00:00.000Z',
      paused_by: 'arn:aws:iam::000000000000:root',
      pause_reason: 'Monoova asked us to',
    });

    const resumed = await command('resume');
    expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining('payouts  go on') });
    const after = await (await openStore()).read();
    for (const name of ['paused_at', 'paused_by', 'pause_reason']) expect(after).not.toHaveProperty(name);
    expect(after).toMatchObject({ failures: 2 });
  });

  it('write the name that AWS knows, of whoever runs the command', async () => {
    const env = { ...run.env, AWS_ACCESS_KEY_ID: 'second' };
    await runCommand(['pause', '--reason', 'drill'], { env, nowMs: NOW_MS });
    expect(await (await openStore()).read()).toMatchObject({ paused_by: 'arn:aws:iam::000000000000:user/second' });
  });

  it.each([[], ['--reason', ' '], ['--reason', 'x'.repeat(201)]])('want a reason: %j', async (...args) => {
    expect(await command('pause', ...args)).toMatchObject({ code: 2, err: expect.stringContaining('--reason') });
  });

  it('resume has an open breaker and a refused key tried by one call now', async () => {
    await given({ ...OPEN, refused_key: 'abc', refused_at: '2026-11-22T23:00:00.000Z', refused_reason: 'x' });
    const { out } = await command('resume');
    expect(out).toContain('half open: the next call finds out');
    expect(out).toContain('the next call finds out\n');
    expect(await (await openStore()).read()).toMatchObject({
      open_until: '2026-11-23T00:00:00.000Z',
      refused_until: '2026-11-23T00:00:00.000Z',
    });
  });
});

describe('controls', () => {
  it.each<[string, Partial<Controls>, string[]]>([
    ['nothing holds', {}, ['payouts  go on', 'breaker  closed\n', 'key      nothing is known against it']],
    ['calls fail', { failures: 1 }, ['closed, after 1 failure in a row']],
    ['the breaker is open', OPEN, ['open until 2026-11-23 11:01:00.000 +11:00, for the 2nd time in a row (TIMEOUT)']],
    [
      'the key is refused',
      { refused_key: 'abc', refused_at: '2026-11-22T23:00:00.000Z', refused_reason: 'MerchantLockedOut' },
      ['abc (fingerprint) refused at 2026-11-23 10:00:00.000 +11:00 (MerchantLockedOut): nobody shows it.'],
    ],
    [
      'the key rests',
      { refused_key: 'abc', refused_reason: 'HTTP 403', refused_until: '2026-11-23T00:15:00.000Z' },
      ['it rests until 2026-11-23 11:15:00.000 +11:00'],
    ],
    ['another key works', { refused_key: 'abc', proven_key: 'def' }, ['key      nothing is known against it']],
  ])('say so where %s', async (_, fields, sentences) => {
    await given(fields);
    const { out } = await command('controls');
    for (const sentence of sentences) expect(out).toContain(sentence);
  });

  it('are told to a program too', async () => {
    await given(OPEN);
    const { out } = await command('controls', '--json');
    expect(JSON.parse(out)).toMatchObject({ is_paused: false, breaker: 'open', is_key_refused: false, item: OPEN });
  });

  it('come with how much of the daily limits is used', async () => {
    const { client, resources } = await openControls(connectionOf({}, run.env));
    const put = (id: string, total_cents: number) =>
      client.send(new PutCommand({ TableName: resources.controls_table, Item: { id, total_cents } }));
    await put('limit#2026-11-23', 123_456);
    await put('limit#2026-11-23#customer#cust-1', 1_234);
    const { out } = await command('controls', '--customer-id', 'cust-1');
    const until = 'until 2026-11-24 00:00:00.000 +11:00';
    expect(out).toContain(`limit    1234.56 AUD of 10000.00 AUD asked for today (stage), ${until}\n`);
    expect(out).toContain(`limit    12.34 AUD of 1000.00 AUD asked for today (cust-1), ${until}\n`);
    const json = JSON.parse((await command('controls', '--json', '--customer-id', 'cust-2')).out);
    expect(json.limits).toEqual([
      { day: '2026-11-23', of: 'stage', used_cents: 123_456, limit_cents: 1_000_000 },
      { day: '2026-11-23', of: 'cust-2', used_cents: 0, limit_cents: 100_000 },
    ]);
  });
});
