import { describe, expect, it } from 'vitest';
import { bankPayout, payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, startSimulator } from './support.ts';

describe('execute', () => {
  it('takes a PayID payment and answers Pending in the documented envelope, as compact JSON', async () => {
    const { simulator, execute } = await startSimulator();
    const { httpStatus, text, json } = await answerOf(execute(payIdPayout('ref-1')));
    expect(httpStatus).toBe(200);
    expect(text).toBe(JSON.stringify(json));
    const fees = { feeAmountExcludingGst: 0.1, feeAmountGstComponent: 0.01, feeAmountIncludingGst: 0.11 };
    expect(json).toEqual({
      durationMs: 0,
      status: 'Pending',
      statusDescription: expect.stringContaining('do not resubmit'),
      transactionId: 1_000_001,
      ...fees,
      callerUniqueReference: 'ref-1',
      feeBreakdown: { disbursementFees: [{ disbursementArrayIndex: 0, disbursementFee: fees }] },
      bpayReceipts: null,
    });
    expect(simulator.payments()).toMatchObject([
      {
        uniqueReference: 'ref-1',
        transactionId: 1_000_001,
        amountCents: 1_250,
        method: 'NppCreditPayId',
        state: 'Pending',
      },
    ]);
  });

  it('takes a bank account payment whatever the source account is called, and ignores keys it does not know', async () => {
    const { simulator, execute } = await startSimulator();
    const body = bankPayout('ref-1', '819877339');
    const [disbursement] = body.disbursements;
    const details = { ...disbursement?.toNppCreditBankAccountDetails, bsbNumber: '802985', colour: 'blue' };
    const source = {
      sourceBSB: '802-985',
      sourceAcountNumber: '1',
      sourceAccountNumber: '1',
      sourceAccountBsb: '802-985',
    };
    const disbursements = [{ ...disbursement, ...source, toNppCreditBankAccountDetails: details }];
    const { json } = await answerOf(execute({ ...body, paymentSource: 'mAccount', novelty: [1], disbursements }));
    expect(json).toMatchObject({ status: 'Pending', feeAmountIncludingGst: 0.099 });
    expect(simulator.payments()[0]?.payee).toMatchObject({ bsb: '802-985', accountNumber: '819877339' });
  });

  it('accepts the upper-case e-mail of Monoova’s own example', async () => {
    const { execute } = await startSimulator();
    const { json } = await answerOf(execute(payIdPayout('ref-1', 'MW9GM4@monoova.com')));
    expect(json['status']).toBe('Pending');
  });

  it('makes a reference where the request has none', async () => {
    const { simulator, execute } = await startSimulator({ random: () => 0.5 });
    const { uniqueReference: _, ...body } = payIdPayout('unused');
    const { json } = await answerOf(execute(body));
    expect(json['callerUniqueReference']).toBe('8'.repeat(32));
    expect(simulator.payments()[0]?.uniqueReference).toBe('8'.repeat(32));
  });

  it.each([
    ['0.29', 29],
    ['1000.00', 100_000],
    ['10.100', 1_010],
    ['1e2', 10_000],
    ['1.5E-1', 15],
    ['"10"', 1_000],
    ['99999999.99', 9_999_999_999],
    ['100000000.00', 10_000_000_000],
  ])('reads the amount %s as exactly %i cents', async (literal, amountCents) => {
    const { simulator, execute } = await startSimulator();
    await execute(JSON.stringify(payIdPayout('ref-1', 'payid@demo.example', 7.77)).replaceAll('7.77', literal));
    expect(simulator.payments()[0]?.amountCents).toBe(amountCents);
  });

  it.each([
    ['0', 'InvalidTotalAmount', 'Invalid totalAmount. Value must be >= $0.00 - "$0.00"'],
    ['-5', 'InvalidTotalAmount', 'Invalid totalAmount. Value must be >= $0.00 - "-$5.00"'],
    ['0.001', 'FinancialValidateInvalidTotalAmount', 'Invalid totalAmount - "$0.0010"'],
    ['10.000000000000000001', 'FinancialValidateInvalidTotalAmount', 'Invalid totalAmount - "$10.0000"'],
    [
      '100000001',
      'FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit',
      'Invalid totalAmount. The totalAmount "$100,000,001.00" exceeds the allowed maximum transaction limit "$100,000,000.00"',
    ],
    ['"ten"', 'RequestBodyIsNotTheExpectedType', 'totalAmount is not a number'],
  ])('refuses the amount %s with %s', async (literal, code, description) => {
    const { simulator, execute } = await startSimulator();
    const body = JSON.stringify(payIdPayout('ref-1', 'payid@demo.example', 7.77)).replaceAll('7.77', literal);
    const { httpStatus, json } = await answerOf(execute(body));
    expect({ httpStatus, ...json }).toMatchObject({
      httpStatus: 400,
      status: code,
      statusDescription: description,
      transactionId: 0,
      callerUniqueReference: 'ref-1',
    });
    expect(simulator.payments()).toEqual([]);
  });

  const payId = payIdPayout('ref-1');
  const bank = bankPayout('ref-1');
  const withPayIdDetails = (details: object) => ({
    ...payId,
    disbursements: [
      {
        ...payId.disbursements[0],
        toNppCreditPayIdDetails: { ...payId.disbursements[0]?.toNppCreditPayIdDetails, ...details },
      },
    ],
  });
  const withBankDetails = (details: object) => ({
    ...bank,
    disbursements: [
      {
        ...bank.disbursements[0],
        toNppCreditBankAccountDetails: { ...bank.disbursements[0]?.toNppCreditBankAccountDetails, ...details },
      },
    ],
  });
  const payIdInvalid = 'FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid';
  const bankInvalid = 'FinancialValidateDisbursementNppCreditBankAccountDetailsAreInvalid';

  it.each([
    ['what is not JSON', '{"uniqueReference":', 'RequestBodyIsNotTheExpectedType'],
    ['a JSON array', '[]', 'RequestBodyIsNotTheExpectedType'],
    ['a reference that is a number', { ...payId, uniqueReference: 5 }, 'RequestBodyIsNotTheExpectedType'],
    [
      'a reference over 200 characters',
      { ...payId, uniqueReference: 'x'.repeat(201) },
      'UniqueReferenceExceedsMaxLength',
    ],
    ['a total that is not the sum', { ...payId, totalAmount: 12.51 }, 'InvalidAmountsDontMatch'],
    [
      'a third decimal in a disbursement',
      { uniqueReference: 'r', disbursements: [{ ...payId.disbursements[0], amount: 1.001 }] },
      'InvalidDisbusrsmentAmount',
    ],
    ['no disbursement', { ...payId, disbursements: [] }, 'InvalidDisbursementsCollection'],
    [
      'two disbursements',
      { ...payId, disbursements: [...payId.disbursements, ...payId.disbursements] },
      'ValidationFailed',
    ],
    [
      'a method it does not know',
      { ...payId, disbursements: [{ ...payId.disbursements[0], disbursementMethod: 'toNppCreditPayIdDetails' }] },
      'InvalidDisbursementMethod',
    ],
    ['another payment source', { ...payId, paymentSource: 'directDebit' }, 'InvalidPaymentSource'],
    ['an mAccount token of 15 digits', { ...payId, mAccount: { token: '111111000000000' } }, 'InvalidMAccount'],
    ['an unknown PayID type', withPayIdDetails({ payIdType: 'Mobile' }), payIdInvalid],
    [
      'a phone number without its country',
      withPayIdDetails({ payIdType: 'PhoneNumber', payId: '0422020901' }),
      payIdInvalid,
    ],
    ['an ABN of 10 digits', withPayIdDetails({ payIdType: 'ABN', payId: '1234567890' }), payIdInvalid],
    ['a payee name of one letter', withPayIdDetails({ accountName: 'A' }), payIdInvalid],
    ['an end-to-end id over 35 characters', withPayIdDetails({ endToEndId: 'x'.repeat(36) }), payIdInvalid],
    ['a BSB of five digits', withBankDetails({ bsbNumber: '03-000' }), bankInvalid],
    ['an account number with a space', withBankDetails({ accountNumber: '1234 5678' }), bankInvalid],
    ['an account number of 29 digits', withBankDetails({ accountNumber: '1'.repeat(29) }), bankInvalid],
  ])('refuses %s', async (_, body, code) => {
    const { simulator, execute, validate } = await startSimulator();
    const { httpStatus, json } = await answerOf(execute(body));
    expect({ httpStatus, code: json['status'], transactionId: json['transactionId'] }).toEqual({
      httpStatus: 400,
      code,
      transactionId: 0,
    });
    expect((await answerOf(validate(body))).json['status']).toBe(code);
    expect(simulator.payments()).toEqual([]);
  });

  it('refuses a body that is not sent as JSON', async () => {
    const { simulator, url } = await startSimulator();
    const headers = { Authorization: `Basic ${btoa('the-api-key:')}`, 'Content-Type': 'text/plain' };
    const body = JSON.stringify(payIdPayout('ref-1'));
    const { json } = await answerOf(
      fetch(`${url}/financial/v2/transaction/execute`, { method: 'POST', headers, body }),
    );
    expect(json['status']).toBe('RequestBodyIsNotTheExpectedType');
    expect(simulator.payments()).toEqual([]);
  });
});

describe('a repeated reference', () => {
  it('is refused with the transaction that has it, and pays nothing', async () => {
    const { simulator, execute } = await startSimulator();
    await execute(payIdPayout('ref-1'));
    const { httpStatus, json } = await answerOf(execute(payIdPayout('ref-1', 'someone@else.example', 99)));
    expect({ httpStatus, ...json }).toMatchObject({
      httpStatus: 400,
      status: 'UniqueReferenceExists',
      transactionId: 1_000_001,
    });
    expect(simulator.payments()).toHaveLength(1);
  });

  it('is paid once when twenty arrive at the same moment', async () => {
    const { simulator, execute } = await startSimulator();
    const answers = await Promise.all(Array.from({ length: 20 }, () => answerOf(execute(payIdPayout('ref-1')))));
    expect(answers.filter(({ json }) => json['status'] === 'Pending')).toHaveLength(1);
    expect(simulator.payments()).toHaveLength(1);
  });

  it('is paid again by an account that never dedupes', async () => {
    const { simulator, execute } = await startSimulator({ settings: { duplicates: 'never-dedupes' } });
    await execute(payIdPayout('ref-1'));
    await execute(payIdPayout('ref-1'));
    expect(simulator.payments().map(({ transactionId }) => transactionId)).toEqual([1_000_001, 1_000_002]);
    expect(simulator.balanceCents()).toBe(100_000_000_000 - 2 * 1_250);
  });

  it('stays free after a refusal, unless the account remembers refused ones', async () => {
    const forgetful = await startSimulator();
    await forgetful.execute(payIdPayout('ref-1', 'no-funds@demo.example'));
    expect((await answerOf(forgetful.execute(payIdPayout('ref-1')))).json['status']).toBe('Pending');
    const remembering = await startSimulator({ settings: { remembersRefusedReferences: true } });
    await remembering.execute(payIdPayout('ref-1', 'no-funds@demo.example'));
    const { json } = await answerOf(remembering.execute(payIdPayout('ref-1')));
    expect(json).toMatchObject({ status: 'UniqueReferenceExists', transactionId: 0 });
  });
});

describe('validate', () => {
  it('answers the fees, takes nothing and leaves the reference free', async () => {
    const { simulator, validate, execute } = await startSimulator();
    const { json } = await answerOf(validate(payIdPayout('ref-1')));
    expect(json).toMatchObject({
      status: 'Ok',
      transactionId: 0,
      feeAmountIncludingGst: 0.11,
      callerUniqueReference: 'ref-1',
    });
    expect(simulator.payments()).toEqual([]);
    expect((await answerOf(execute(payIdPayout('ref-1')))).json['status']).toBe('Pending');
  });
});

describe('the paying account', () => {
  it('refuses what it cannot cover, and pays again once a rejected payment has come back', async () => {
    const { simulator, time, execute } = await startSimulator({ settings: { openingBalanceCents: 2_000 } });
    await execute(payIdPayout('ref-1', 'rejected@demo.example'));
    const { httpStatus, json } = await answerOf(execute(payIdPayout('ref-2')));
    expect({ httpStatus, ...json }).toMatchObject({
      httpStatus: 400,
      status: 'DebitTransactionWillExceedSignInCreditLimit',
      transactionId: 0,
    });
    await time.advance(1_000);
    expect(simulator.balanceCents()).toBe(2_000);
    expect((await answerOf(execute(payIdPayout('ref-2')))).json['status']).toBe('Pending');
  });
});
