import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalRun, startLocalRun } from './local-run.ts';

const MAIN = resolve(import.meta.dirname, '../../ops/main.ts');

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.close());

/** The program as a person starts it: a process of its own. */
async function payouts(args: readonly string[], stdin = '') {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...run.env } });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  child.stdin.end(stdin);
  const [code] = await once(child, 'close');
  return { code, ...written };
}

describe('payouts', () => {
  it('registers a customer from standard input and ends', async () => {
    const destination = { type: 'BankAccount', bsb: '802985', accountNumber: '987654321', accountName: 'Jane Citizen' };
    const customer = { customer_id: 'cust-spawned', payout_destinations: [destination] };
    const { code, out, err } = await payouts(['customers', 'put', '--file', '-'], JSON.stringify(customer));
    expect({ code, out, err }).toEqual({ code: 0, out: expect.stringContaining('cust-spawned'), err: '' });
  });

  it('explains itself', async () => {
    const { code, out } = await payouts(['customers', 'put', '--help']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('at most one destination of each type') });
    expect(out).toContain('--stage <name>');
  });

  it('ends with 2 for what cannot be run, and with 1 for what failed', async () => {
    const [usage, failure] = await Promise.all([payouts(['frobnicate']), payouts(['customers', 'show', 'cust-none'])]);
    expect([usage.code, failure.code]).toEqual([2, 1]);
    expect(failure.err).not.toContain('    at ');
  });

  it('shows the stack where it is asked to', async () => {
    const { err } = await payouts(['customers', 'show', 'cust-none', '--debug']);
    expect(err).toContain('    at ');
  });
});
