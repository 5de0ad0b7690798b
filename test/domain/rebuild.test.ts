import { describe, expect, it } from 'vitest';
import { applyFact, HISTORY_MAX_FACTS, payoutSchema } from '../../domain/payout.ts';
import { payoutDetails, REBUILT_MESSAGE, STATUS_MESSAGES } from '../../domain/payout-view.ts';
import { type Booked, rebuildPayout } from '../../domain/rebuild.ts';
import type { UniqueReference } from '../../domain/reference.ts';
import { maySubmit } from '../../domain/submission-rule.ts';
import { aFact, aPayout, aRebuiltPayout, REFERENCE, TRANSACTION_ID } from '../builders/payout.ts';

const NOW = '2026-11-24T00:00:00.000Z';

describe('a rebuilt record', () => {
  it('holds what Monoova knows, and claims nothing else', () => {
    const payout = aRebuiltPayout({
      said: 'completed',
      detail: 'Complete',
      executedAt: '2026-11-23T11:00:00',
      monoovaTransactionId: 1022,
    });
    expect(payoutSchema.parse(payout)).toEqual(payout);
    expect(payout).toMatchObject({
      transaction_id: TRANSACTION_ID,
      status: 'Completed',
      amount_cents: 12_345,
      created_at: '2026-11-23T00:00:00.000Z',
      created_day: '2026-11-23',
      rebuilt_at: NOW,
      monoova_transaction_id: 1022,
      received: true,
      posts: 1,
    });
    const unknown = [
      'customer_id',
      'payout_method',
      'destination_id',
      'destination_ciphertext',
      'requested_by',
      'open',
    ];
    for (const field of unknown) expect(payout).not.toHaveProperty(field);
  });

  it('stands at a revision that no write from before the loss knows, and a later rebuild at a higher one', () => {
    const booked: Booked = {
      reference: REFERENCE as UniqueReference,
      said: 'pending',
      detail: 'Pending',
      day: '2026-11-23',
    };
    const rebuiltAt = (now: string) => rebuildPayout(booked, { executionArn: 'arn', nowMs: Date.parse(now) }).revision;
    expect(rebuiltAt(NOW)).toBeGreaterThan(1_000_000_000);
    expect(rebuiltAt('2026-11-24T01:00:00.000Z') - rebuiltAt(NOW)).toBeGreaterThan(HISTORY_MAX_FACTS);
  });

  it('without a time is of the first moment of its day, and without an amount has none', () => {
    const payout = aRebuiltPayout({ said: 'rejected', detail: 'Rejected', amountCents: undefined });
    expect(payout).toMatchObject({ status: 'Rejected', created_at: '2026-11-22T13:00:00.000Z' });
    expect(payout).not.toHaveProperty('amount_cents');
    expect(payoutSchema.parse(payout)).toEqual(payout);
  });

  it.each(['pending', 'unknown'] as const)('stays open while Monoova says %s, and is never posted', (said) => {
    const payout = aRebuiltPayout({ said, detail: 'x' });
    expect(payout).toMatchObject({ status: 'Pending', open: 'open' });
    const late = Date.parse('2027-11-24T00:00:00.000Z');
    expect(maySubmit(payout, { mode: 'after-quiet-period', quietPeriodMs: 60_000 }, late)).toBe(false);
  });

  it('is the only one that may lack what was lost', () => {
    for (const field of ['customer_id', 'amount_cents', 'payout_method', 'has_key', 'requested_by', 'destination_id']) {
      const { [field as 'customer_id']: _lost, ...rest } = aPayout();
      expect(payoutSchema.safeParse(rest).success).toBe(false);
    }
  });

  it('says so to whoever asks for it', () => {
    const details = payoutDetails(aRebuiltPayout({ said: 'completed', detail: 'Complete', amountCents: undefined }));
    expect(details).toMatchObject({
      amount: null,
      destination: '••••',
      message: STATUS_MESSAGES.Completed + REBUILT_MESSAGE,
    });
    expect(details.history.map(({ event, source }) => `${source} ${event}`)).toEqual([
      'reconciliation rebuilt',
      'reconciliation accepted',
      'reconciliation completed',
    ]);
    expect(details).not.toHaveProperty('customer_id');
  });

  it('whose amount nobody knows contradicts no amount, and leaves what comes back to a person', () => {
    const payout = aRebuiltPayout({ amountCents: undefined });
    const completed = applyFact(payout, aFact({ kind: 'completed', amount_cents: 5 })).payout;
    expect(completed).toMatchObject({ status: 'Completed' });
    expect(completed.conflict).toBeUndefined();
    const returned = applyFact(
      completed,
      aFact({ kind: 'returned', amount_cents: 5, return_transaction_id: 7 }),
    ).payout;
    expect(returned).toMatchObject({ status: 'Completed', conflict: true });
  });
});
