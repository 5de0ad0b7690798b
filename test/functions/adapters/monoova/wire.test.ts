import { describe, expect, it } from 'vitest';
import { destinationSchema } from '../../../../domain/destination.ts';
import { toCents } from '../../../../domain/money.ts';
import { executeBody } from '../../../../functions/adapters/monoova/wire.ts';

const REFERENCE = '0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';
const REMITTER = { name: 'Payouts Pty Ltd', mAccountToken: '' };
const payId = destinationSchema.parse({
  type: 'PayId',
  payIdType: 'Email',
  payId: 'Jane@Example.com',
  accountName: 'Jane Citizen',
});
const bankAccount = destinationSchema.parse({
  type: 'BankAccount',
  bsb: '802985',
  accountNumber: '819877339',
  accountName: 'Jane Citizen',
});

describe('the body of a payment', () => {
  it('is compact JSON in the form of NppCreditPayId', () => {
    const instruction = { uniqueReference: REFERENCE, amountCents: toCents(10_007), destination: payId };
    expect(executeBody({ ...instruction, description: 'Invoice 7 ☕' }, REMITTER)).toBe(
      '{"uniqueReference":"0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d","totalAmount":100.07,"paymentSource":"mAccount",' +
        '"disbursements":[{"disbursementMethod":"NppCreditPayId","toNppCreditPayIdDetails":{"payIdType":"Email",' +
        '"payId":"jane@example.com","accountName":"Jane Citizen","endToEndId":"0a1b2c3d4e5f8a6b9c7d8e9f0a1b2c3d",' +
        '"remitterName":"Payouts Pty Ltd"},"lodgementReference":"Invoice 7 ☕","amount":100.07}]}',
    );
  });

  it('names BSB and number in the form of NppCreditBankAccount, and the mAccount where there is one', () => {
    const instruction = { uniqueReference: REFERENCE, amountCents: toCents(1), destination: bankAccount };
    const body = JSON.parse(executeBody(instruction, { name: 'Us', mAccountToken: '1234567890123456' }));
    expect(body).toMatchObject({ totalAmount: 0.01, mAccount: { token: '1234567890123456' } });
    expect(body.disbursements).toEqual([
      {
        disbursementMethod: 'NppCreditBankAccount',
        toNppCreditBankAccountDetails: {
          bsbNumber: '802-985',
          accountNumber: '819877339',
          accountName: 'Jane Citizen',
          endToEndId: '0a1b2c3d4e5f8a6b9c7d8e9f0a1b2c3d',
          remitterName: 'Us',
        },
        amount: 0.01,
      },
    ]);
  });

  it.each([1, 7, 10, 99, 3_780, 110, 100_000, 99_999, 10_000_000_000])('writes %i cents as exact decimals', (cents) => {
    const instruction = { uniqueReference: REFERENCE, amountCents: toCents(cents), destination: payId };
    const text = /"totalAmount":([^,]+)/.exec(executeBody(instruction, REMITTER))?.[1];
    expect(Number(text).toFixed(2)).toBe(`${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`);
    expect(text).toMatch(/^\d+(\.\d{1,2})?$/);
  });

  it('cuts a lodgement reference to 280 characters, and leaves an end-to-end id out that might not fit', () => {
    const instruction = { uniqueReference: 'foreign', amountCents: toCents(1), destination: payId };
    const [disbursement] = JSON.parse(
      executeBody({ ...instruction, description: '☕'.repeat(300) }, REMITTER),
    ).disbursements;
    expect(Array.from(disbursement.lodgementReference)).toHaveLength(280);
    expect(disbursement.toNppCreditPayIdDetails).not.toHaveProperty('endToEndId');
  });
});
