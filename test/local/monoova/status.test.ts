import { describe, expect, it } from 'vitest';
import { payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, START_MS, startSimulator } from './support.ts';

describe('status by reference', () => {
  it('answers a pending payment in the documented shape', async () => {
    const { execute, status } = await startSimulator();
    await execute(payIdPayout('ref 1/ü'));
    const { httpStatus, json } = await answerOf(status('ref 1/ü'));
    expect({ httpStatus, json }).toEqual({
      httpStatus: 200,
      json: {
        durationMs: 0,
        status: 'Ok',
        statusDescription:
          'Payment is in progress, please do not resubmit the transaction. Use the /financial/v2/status/ API to check the status at a later time.',
        completedDate: null,
        creditCardPaymentStatus: null,
        dishonouredDate: null,
        expectedClearanceDateForFunds: null,
        fundsClearedDate: null,
        transactionStatus: 'Pending',
        uniqueReference: 'ref 1/ü',
        bulkDirectDebits: null,
      },
    });
  });

  it('dates a rejected payment and gives no reason', async () => {
    const { time, execute, status } = await startSimulator();
    await execute(payIdPayout('ref-1', 'rejected@demo.example'));
    await time.advance(1_000);
    const { json, text } = await answerOf(status('ref-1'));
    expect(json).toMatchObject({
      transactionStatus: 'Rejected',
      statusDescription: 'Transaction rejected by banking institution.',
      completedDate: '2026-01-15',
    });
    expect(text).not.toContain('ACCOUNT CLOSED');
  });

  it('does not find a reference it never saw', async () => {
    const { status } = await startSimulator();
    const { httpStatus, json } = await answerOf(status('nobody'));
    expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 400, status: 'UniqueIdNotFound' });
  });
});

describe('status by date', () => {
  const HOUR_MS = 3_600_000;

  it('lists the payments of whole Sydney days, both ends included', async () => {
    const { time, execute, get } = await startSimulator();
    await execute(payIdPayout('noon-15th'));
    // 23:30 in Sydney is still the 15th, and 12:30 of the 15th in London.
    await time.advance(11.5 * HOUR_MS);
    await execute(payIdPayout('late-15th'));
    await time.advance(HOUR_MS);
    await execute(payIdPayout('early-16th'));
    expect(new Date(START_MS + 12.5 * HOUR_MS).toISOString()).toBe('2026-01-15T13:30:00.000Z');
    const references = async (range: string) => {
      const { json } = await answerOf(get(`/financial/v2/status/${range}`));
      return (json['statuses'] as { uniqueReference: string }[]).map(({ uniqueReference }) => uniqueReference);
    };
    expect(await references('2026-01-15/2026-01-15')).toEqual(['noon-15th', 'late-15th']);
    expect(await references('2026-01-16/2026-01-16')).toEqual(['early-16th']);
    expect(await references('2026-01-01/2026-01-31')).toHaveLength(3);
    expect(await references('2025-01-01/2025-12-31')).toEqual([]);
  });

  it('lists a payment with its state', async () => {
    const { time, execute, get } = await startSimulator();
    await execute(payIdPayout('ref-1'));
    await time.advance(1_000);
    const { json } = await answerOf(get('/financial/v2/status/2026-01-15/2026-01-15'));
    expect(json['statuses']).toEqual([
      {
        completedDate: '2026-01-15',
        uniqueReference: 'ref-1',
        statusDescription: 'Operation completed successfully',
        transactionStatus: 'Complete',
        dishonouredDate: null,
        creditCardPaymentStatus: null,
        waitingOnClearedFundsDate: null,
        bulkDirectDebits: null,
      },
    ]);
  });

  it.each(['2026-02-30/2026-03-01', '15-01-2026/2026-01-16', '2026-01-16/2026-01-15'])('refuses %s', async (range) => {
    const { get } = await startSimulator();
    expect((await get(`/financial/v2/status/${range}`)).status).toBe(400);
  });
});
