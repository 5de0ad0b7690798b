import { describe, expect, it } from 'vitest';
import { bankPayout, payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, startSimulator } from './support.ts';

describe('the statement of a day', () => {
  it('lists the successful payments of that Sydney day with number, amount and fees', async () => {
    const { time, execute, get } = await startSimulator();
    await execute(payIdPayout('done', 'payid@demo.example', 1000));
    await execute(bankPayout('back', '22090104', 7.05));
    await execute(payIdPayout('rejected', 'rejected@demo.example'));
    await time.advance(10_000);
    await execute(payIdPayout('pending'));
    const { httpStatus, json } = await answerOf(get('/reports/v1/statement/2026-01-15'));
    expect(httpStatus).toBe(200);
    expect(json['transactions']).toEqual([
      {
        uniqueReferenced: 'done',
        transactionId: 1_000_001,
        dateTime: '2026-01-15T12:00:00',
        status: 'Ok',
        totalAmount: 1000,
        feeAmountExcludingGst: 0.1,
        feeAmountGstComponent: 0.01,
        feeAmountIncludingGst: 0.11,
      },
      expect.objectContaining({ uniqueReferenced: 'back', totalAmount: 7.05 }),
    ]);
    expect((await answerOf(get('/reports/v1/statement/2026-01-16'))).json['transactions']).toEqual([]);
  });

  it('refuses what is no day', async () => {
    const { get } = await startSimulator();
    const { httpStatus, json } = await answerOf(get('/reports/v1/statement/2026-02-30'));
    expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 400, status: 'ValidationFailed' });
  });
});
