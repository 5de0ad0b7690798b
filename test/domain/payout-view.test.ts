import { describe, expect, it } from 'vitest';
import { applyFact } from '../../domain/payout.ts';
import {
  DISPUTED_MESSAGE,
  PARTLY_RETURNED_MESSAGE,
  payoutDetails,
  payoutView,
  STATUS_MESSAGES,
} from '../../domain/payout-view.ts';
import { problemAnswer, problemDocument } from '../../domain/problem.ts';
import { PROBLEMS } from '../../domain/problems.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../builders/payout.ts';

describe('the view of a payout', () => {
  it('speaks decimal AUD and shows the mask', () => {
    expect(payoutView(aPayout())).toMatchObject({
      transaction_id: TRANSACTION_ID,
      amount: 123.45,
      currency: 'AUD',
      destination: 'ja••••',
      status: 'Pending',
    });
  });

  it('says how to pay twice on purpose where the request had no key', () => {
    expect(payoutView(aPayout({ has_key: false })).message).toContain('send a key');
    expect(payoutView(aPayout({ has_key: true })).message).not.toContain('24 hours');
  });

  it.each([
    { status: 'Rejected', posts: 2 },
    { status: 'Rejected', posts: 1, conflict: true },
    { status: 'Completed', posts: 1, conflict: true },
  ] as const)('invites nobody to try again where that could pay twice: %j', (fields) => {
    expect(payoutView(aPayout(fields)).message).toBe(DISPUTED_MESSAGE);
  });

  it('tells the history from the request on, and neither ciphertext nor token', () => {
    const payout = applyFact(aPayout({ posts: 1, task_token: 'secret-token' }), aFact({ kind: 'not-found' })).payout;
    const details = payoutDetails(payout);
    expect(details.history.map(({ event }) => event)).toEqual(['recorded', 'not-found']);
    expect(JSON.stringify(details)).not.toContain('secret-token');
    expect(JSON.stringify(details)).not.toContain(payout.destination_ciphertext);
  });

  it('says how much has come back, and does not call a part the whole', () => {
    const part = applyFact(
      aPayout({ posts: 1 }),
      aFact({ kind: 'returned', amount_cents: 2_345, return_transaction_id: 1030 }),
    ).payout;
    expect(payoutDetails(part)).toMatchObject({ status: 'Completed', returned_amount: 23.45 });
    expect(payoutView(part).message).toBe(PARTLY_RETURNED_MESSAGE);
    const whole = applyFact(part, aFact({ kind: 'returned' })).payout;
    expect(payoutDetails(whole)).toMatchObject({ status: 'Returned', returned_amount: 123.45 });
    expect(payoutView(whole).message).toBe(STATUS_MESSAGES.Returned);
    expect(payoutDetails(aPayout())).not.toHaveProperty('returned_amount');
  });

  it('shows a conflict, a description and details where there are any', () => {
    const payout = applyFact(
      aPayout({ posts: 1, description: 'wages', conflict: true }),
      aFact({ kind: 'rejected', detail: 'ACCOUNT CLOSED' }),
    ).payout;
    expect(payoutDetails(payout)).toMatchObject({
      conflict: true,
      description: 'wages',
      history: [{}, { event: 'rejected', detail: 'ACCOUNT CLOSED' }],
    });
    expect(payoutDetails(aPayout())).not.toHaveProperty('conflict');
    expect(payoutDetails(aPayout())).not.toHaveProperty('description');
  });
});

describe('a problem', () => {
  it('says what to change, for each code', () => {
    for (const [code, { status, detail }] of Object.entries(PROBLEMS)) {
      const document = problemDocument(code as keyof typeof PROBLEMS);
      expect(document).toMatchObject({ code, status, detail });
      expect(document.type).toMatch(/^urn:payouts:problem:[a-z-]+$/);
    }
  });

  it('answers with its own status and content type', () => {
    const answer = problemAnswer('declined', { transaction_id: TRANSACTION_ID });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['Content-Type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'declined', transaction_id: TRANSACTION_ID });
  });
});
