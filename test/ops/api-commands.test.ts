import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemDocument } from '../../domain/problem.ts';
import { TRANSACTION_ID } from '../builders/payout.ts';
import { type ApiReply, type LocalRun, startLocalRun } from './local-run.ts';
import { runCommand } from './run-command.ts';

const VIEW = {
  transaction_id: TRANSACTION_ID,
  status: 'Pending',
  amount: 12.3,
  currency: 'AUD',
  destination: '••••321',
  message: 'On its way.',
  created_at: '2026-11-23T03:48:38.123Z',
};
const CREATE = ['create', '--customer-id', 'cust-1', '--amount', '12.30', '--method', 'PayId'];

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.close());
beforeEach(() => {
  run.api.calls.length = 0;
});

const replyWith = (reply: ApiReply) => {
  run.api.reply = () => reply;
};
const payouts = (...args: string[]) => runCommand(args, { env: run.env });

describe('create', () => {
  it('signs one POST with the key it is given, and tells the answer', async () => {
    replyWith({ status: 202, body: VIEW });
    const { code, out, err } = await payouts(...CREATE, '--description', 'Invoice 7', '--key', 'key-1');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`Idempotency-Key: key-1\n${TRANSACTION_ID}\n  Pending: 12.30 AUD to ••••321\n  On its way.\n`);
    expect(run.api.calls).toEqual([expect.objectContaining({ method: 'POST', url: '/dev/payouts', isSigned: true })]);
    expect(run.api.calls[0]?.headers).toMatchObject({ 'idempotency-key': 'key-1', 'content-type': 'application/json' });
    expect(JSON.parse(run.api.calls[0]?.body ?? '')).toEqual({
      customer_id: 'cust-1',
      amount: 12.3,
      payout_method: 'PayId',
      description: 'Invoice 7',
    });
  });

  it('makes a new key each time where none is given, and prints it', async () => {
    replyWith({ status: 202, body: VIEW });
    const outs = [await payouts(...CREATE), await payouts(...CREATE)].map(({ out }) => out.split('\n')[0]);

    expect(outs[0]).toBe(`Idempotency-Key: ${run.api.calls[0]?.headers['idempotency-key']}`);
    expect(outs[0]).toMatch(/: [0-9a-f-]{36}$/);
    expect(outs[0]).not.toBe(outs[1]);
  });

  it('says when the key had been used before', async () => {
    replyWith({ status: 202, headers: { 'idempotent-replayed': 'true' }, body: VIEW });
    expect((await payouts(...CREATE)).out).toContain('it is the same payout, not a second one');
  });

  it('ends with 1 and the problem in words where the API refuses', async () => {
    const errors = [{ field: 'amount', message: 'amount is at most 1000.00' }];
    replyWith({ status: 400, body: problemDocument('invalid_request', { errors }) });
    const { code, err } = await payouts(...CREATE);

    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: 400 The request is not valid. Change the fields that `errors` names and send it again. amount: amount is at most 1000.00.\n',
    });
  });

  it('names the payout that was declined', async () => {
    replyWith({ status: 422, body: problemDocument('declined', { transaction_id: TRANSACTION_ID }) });
    expect((await payouts(...CREATE)).err).toContain(
      `422 The payout was declined (${TRANSACTION_ID}). Monoova refused it`,
    );
  });

  it('shows what was said where no problem document came', async () => {
    replyWith({ status: 502, body: 'bad gateway\n for 123456789' });
    const { code, err } = await payouts(...CREATE);
    const sentence = 'the API answered 502, and not with a problem document: bad gateway for •••••';
    expect({ code, err }).toEqual({ code: 1, err: `error: ${sentence}\n` });
  });

  it.each(['12.345', '1e2', '-1', '', '12,30'])(
    'takes no amount written as "%s", and sends nothing',
    async (amount) => {
      const { code } = await payouts('create', '--customer-id', 'c', `--amount=${amount}`, '--method', 'PayId');
      expect({ code, sent: run.api.calls.length }).toEqual({ code: 2, sent: 0 });
    },
  );

  it('prints the answer as it is with --json, and the key beside it', async () => {
    replyWith({ status: 202, body: VIEW });
    const { out, err } = await payouts(...CREATE, '--json', '--key', 'k');
    expect({ answer: JSON.parse(out), err }).toEqual({ answer: VIEW, err: 'Idempotency-Key: k\n' });
  });

  it('says how to repeat where the connection breaks after sending', async () => {
    run.api.reply = () => 'drop the connection';
    const { code, err } = await payouts(...CREATE, '--key', 'k-9');
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('repeat the same command with --key k-9: it can not become a second payout'),
    });
  });
});

describe('get', () => {
  const details = {
    ...VIEW,
    customer_id: 'cust-1',
    payout_method: 'PayId',
    updated_at: VIEW.created_at,
    history: [
      { at: VIEW.created_at, source: 'request', event: 'recorded' },
      { at: '2026-11-23T03:48:39.000Z', source: 'webhook', event: 'completed', detail: 'to 123456789' },
    ],
  };

  it('tells a payout and its history in Sydney time', async () => {
    replyWith({ status: 200, body: details });
    const { code, out } = await payouts('get', TRANSACTION_ID);

    expect(code).toBe(0);
    expect(run.api.calls[0]).toMatchObject({ method: 'GET', url: `/dev/payouts/${TRANSACTION_ID}`, isSigned: true });
    expect(out).toContain('  2026-11-23 14:48:39.000 +11:00  webhook  completed  to •••••\n');
  });

  it('takes the reference that Monoova knows', async () => {
    replyWith({ status: 200, body: details });
    const { out } = await payouts('get', TRANSACTION_ID.slice('txn-'.length), '--json');
    expect(JSON.parse(out)).toEqual(details);
  });

  it('refuses what is no id before asking', async () => {
    const { code } = await payouts('get', '../customers');
    expect({ code, asked: run.api.calls.length }).toEqual({ code: 2, asked: 0 });
  });
});

describe('list', () => {
  it('signs what it filters by, and says how to go on', async () => {
    replyWith({ status: 200, body: { payouts: [VIEW], cursor: 'next page=' } });
    const args = ['--customer-id', 'cust-1', '--status', 'Pending', '--limit', '1', '--cursor', '{"a b":"!*\'()"}'];
    const { code, out } = await payouts('list', ...args);

    const call = run.api.calls[0];
    const query = Object.fromEntries(new URL(call?.url ?? '', 'http://x').searchParams);
    expect({ code, isSigned: call?.isSigned, query }).toEqual({
      code: 0,
      isSigned: true,
      query: { customer_id: 'cust-1', status: 'Pending', limit: '1', cursor: '{"a b":"!*\'()"}' },
    });
    expect(out).toContain(`2026-11-23 14:48:38.123 +11:00  ${TRANSACTION_ID}  Pending  12.30 AUD  ••••321\n`);
    expect(out).toContain("1 payout. There are more: add --cursor 'next page='\n");
  });

  it('says so where there are none', async () => {
    replyWith({ status: 200, body: { payouts: [] } });
    expect((await payouts('list', '--customer-id', 'c')).out).toBe('no payouts\n');
  });
});
