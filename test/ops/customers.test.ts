import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDestinationCipher } from '../../functions/adapters/destination-cipher.ts';
import { kmsClient } from '../../ops/clients.ts';
import { connectionOf } from '../../ops/connection.ts';
import { CUSTOMERS, type LocalRun, startLocalRun } from './local-run.ts';
import { runCommand } from './run-command.ts';

const BANK = { type: 'BankAccount', bsb: '802-985', accountNumber: '987654321', accountName: 'Jane Citizen' };
const PAY_ID = { type: 'PayId', payIdType: 'PhoneNumber', payId: '+61-412345678', accountName: 'Jane Citizen' };
const SECRETS = ['802-985', '802985', '987654321', '412345678', 'Jane', 'Citizen'];

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.close());

const put = (customers: unknown) =>
  runCommand(['customers', 'put', '--file', '-'], { env: run.env, stdin: JSON.stringify(customers) });

async function stored(customerId: string) {
  const input = { TableName: CUSTOMERS, Key: { customer_id: { S: customerId } }, ConsistentRead: true };
  const { Item } = await run.dynamodb.call('GetItem', input);
  return Item as
    | undefined
    | { payout_destinations: { L: { M: Record<'id' | 'type' | 'ciphertext' | 'masked', { S: string }> }[] } };
}

describe('customers put', () => {
  it('stores each destination encrypted under the customer and its id, and prints ids and masks alone', async () => {
    const { code, out, err } = await put({ customer_id: 'cust-1', payout_destinations: [BANK, PAY_ID] });

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [bank] = (await stored('cust-1'))?.payout_destinations.L.map(({ M }) => M) ?? [];
    expect(out).toContain(`cust-1  BankAccount  ••••321   ${bank?.id.S}`);
    expect(out).toContain('1 customer registered in stage dev.');
    for (const secret of SECRETS) expect(out + JSON.stringify(await stored('cust-1'))).not.toContain(secret);
    const kms = await kmsClient(connectionOf({}, run.env));
    const cipher = createDestinationCipher({ keyArn: run.keyArn, kms });
    const context = { customer_id: 'cust-1', destination_id: bank?.id.S ?? '' };
    await expect(cipher.decrypt(bank?.ciphertext.S ?? '', context)).resolves.toEqual(BANK);
    await expect(cipher.decrypt(bank?.ciphertext.S ?? '', { ...context, customer_id: 'cust-2' })).rejects.toMatchObject(
      {
        name: 'DestinationUnusableError',
      },
    );
  });

  it('takes an array, and one customer by flags', async () => {
    const many = await put(['cust-a', 'cust-b'].map((customer_id) => ({ customer_id, payout_destinations: [BANK] })));
    const flags = [
      '--customer-id',
      'cust-c',
      '--bsb',
      '802985',
      '--account-number',
      '987654321',
      '--account-name',
      'Jane',
    ];
    const one = await runCommand(['customers', 'put', ...flags], { env: run.env });

    expect(many.out).toContain('2 customers registered');
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining('cust-c  BankAccount  ••••321') });
  });

  it('replaces what was there with new ids, and says which type went', async () => {
    await put({ customer_id: 'cust-r', payout_destinations: [BANK, PAY_ID] });
    const before = await stored('cust-r');
    const { out } = await put({ customer_id: 'cust-r', payout_destinations: [BANK] });

    const after = await stored('cust-r');
    expect(after?.payout_destinations.L).toHaveLength(1);
    expect(after?.payout_destinations.L[0]?.M.id.S).not.toBe(before?.payout_destinations.L[0]?.M.id.S);
    expect(out).toMatch(/cust-r {2}PayId +••••\d* +\(removed/);
  });

  it('writes nothing of a file in which anything is wrong, and names all that is', async () => {
    const wrong = [
      { customer_id: 'cust-good', payout_destinations: [BANK] },
      { customer_id: 'cust-bad', payout_destinations: [{ ...BANK, bsb: '80298' }, BANK] },
      { customer_id: 'cust-two', payout_destinations: [BANK, { ...BANK, accountNumber: '111122223333' }] },
    ];
    const { code, out, err } = await put(wrong);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('customer cust-bad, destination 1 (BankAccount): bsb: a BSB has six digits, such as 802-985');
    expect(err).toContain('customer cust-two, it has more than one BankAccount destination');
    expect(await stored('cust-good')).toBeUndefined();
  });

  it.each([
    ['a missing name', { ...BANK, accountName: undefined }, 'accountName is required'],
    ['an unknown field', { ...BANK, swift: 'X' }, 'unknown field swift: leave it out'],
    ['no type', { bsb: '802-985' }, 'it needs a type, one of PayId or BankAccount'],
    ['an unknown kind of PayID', { ...PAY_ID, payIdType: 'Phone' }, 'payIdType is one of PhoneNumber, Email'],
    ['a wrong PayID', { ...PAY_ID, payId: '0412345678' }, 'a PhoneNumber PayID looks like +61-'],
  ])('says what to change about %s', async (_name, destination, sentence) => {
    const { code, err } = await put({ customer_id: 'cust-x', payout_destinations: [destination] });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) });
  });

  it('refuses two customers of one id', async () => {
    const customer = { customer_id: 'cust-twice', payout_destinations: [BANK] };
    const { err } = await put([customer, customer]);
    expect(err).toContain('customer cust-twice is there more than once');
  });

  it.each([
    ['neither a file nor flags', [], 'give the customers with --file'],
    ['both', ['--file', '-', '--bsb', '802985'], 'not both'],
  ])('calls %s a mistake of usage', async (_name, args, sentence) => {
    const { code, err } = await runCommand(['customers', 'put', ...args], { env: run.env });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(sentence) });
  });

  it('tells where a file is no JSON without quoting it', async () => {
    const stdin = '{"customer_id": "c",\n "accountNumber": 987654321 802985}';
    const { code, err } = await runCommand(['customers', 'put', '--file', '-'], { env: run.env, stdin });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: nothing was written. In standard input: it is not JSON: look at line 2 column 29\n',
    });
  });

  it('never echoes a digit of an account, however wrong the customer is', async () => {
    const account = fc.stringMatching(/^[0-9]{5,20}$/);
    const field = fc.constantFrom('type', 'bsb', 'accountNumber', 'accountName', 'payId', 'payIdType', 'other');
    const value = fc.oneof(
      account,
      account.map(Number),
      account.map((digits) => [digits]),
    );
    const destination = fc
      .dictionary(fc.oneof(field, account), value)
      .map((fields) => ({ type: 'BankAccount', ...fields }));
    const customers = fc.oneof(
      destination,
      destination.map((one) => ({ customer_id: 'c', payout_destinations: [one] })),
    );
    await fc.assert(
      fc.asyncProperty(customers, async (customer) => {
        const { out, err } = await runCommand(['customers', 'put', '--file', '-'], { stdin: JSON.stringify(customer) });
        expect(out + err.replace('127.0.0.1:3001', '')).not.toMatch(/[0-9]{5}/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('customers show', () => {
  it('shows ids and masks', async () => {
    await put({ customer_id: 'cust-s', payout_destinations: [PAY_ID] });
    const text = await runCommand(['customers', 'show', 'cust-s'], { env: run.env });
    const json = await runCommand(['customers', 'show', 'cust-s', '--json'], { env: run.env });

    expect(text.out).toMatch(/^cust-s {2}PayId {2}••••\d+ {2}dst-[0-9a-f-]{36}\n$/);
    expect(JSON.parse(json.out)).toEqual({
      customer_id: 'cust-s',
      payout_destinations: [
        { id: expect.stringMatching(/^dst-/), type: 'PayId', masked: expect.stringMatching(/^••••/) },
      ],
    });
  });

  it('says how to register a customer that is not there', async () => {
    const { code, err } = await runCommand(['customers', 'show', 'cust-none'], { env: run.env });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: no such customer in stage dev: register it with payouts customers put\n',
    });
  });
});

describe('without a local run', () => {
  it('says how to start one', async () => {
    const { code, err } = await runCommand(['customers', 'show', 'c'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    const sentence =
      'no local run at http://127.0.0.1:9: start one with npm start, name its port with AWS_ENDPOINT_URL=http://127.0.0.1:PORT, or name a deployed stage with --stage';
    expect({ code, err }).toEqual({ code: 1, err: `error: ${sentence}\n` });
  });

  it('names a stage that is not there', async () => {
    const { code, err } = await runCommand(['customers', 'show', 'c', '--stage', 'prod'], { env: run.env });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('there is no stage prod here') });
  });
});
