import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';
import { type Booked, rebuildPayout } from '../../domain/rebuild.ts';
import type { UniqueReference } from '../../domain/reference.ts';

export const REFERENCE = '0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';
export const TRANSACTION_ID = `txn-${REFERENCE}`;

/** Another reference of our form for each number, in the order of numbers. */
export function aReference(number: number): UniqueReference {
  return `0a1b2c3d-4e5f-8a6b-9c7d-${String(number).padStart(12, '0')}` as UniqueReference;
}

/** A payout as it stands after recording: Pending, never posted. Tests name only the fields that matter to them. */
export function aPayout(fields: Partial<Payout> = {}): Payout {
  return {
    transaction_id: TRANSACTION_ID,
    uniqueReference: REFERENCE,
    customer_id: 'cust-1',
    amount_cents: 12_345,
    currency: 'AUD',
    payout_method: 'PayId',
    has_key: true,
    requested_by: 'arn:aws:iam::000000000000:root',
    execution_arn: 'arn:aws:states:ap-southeast-2:000000000000:express:submission:one:two',
    created_at: '2026-11-23T00:00:00.000Z',
    created_day: '2026-11-23',
    updated_at: '2026-11-23T00:00:00.000Z',
    destination_id: 'dst-1',
    destination_masked: 'ja••••',
    destination_ciphertext: 'Y2lwaGVydGV4dA==',
    status: 'Pending',
    revision: 1,
    posts: 0,
    open: 'open',
    history: [],
    ...fields,
  };
}

/** A record that was lost and rebuilt while Monoova worked on the payment. */
export function aRebuiltPayout(fields: Partial<Booked> = {}): Payout {
  const booked: Booked = {
    reference: REFERENCE as UniqueReference,
    said: 'pending',
    detail: 'Pending',
    day: '2026-11-23',
    amountCents: 12_345,
    ...fields,
  };
  return rebuildPayout(booked, {
    executionArn: 'arn:aws:states:ap-southeast-2:000000000000:execution:reconciliation:one',
    nowMs: Date.parse('2026-11-24T00:00:00.000Z'),
  });
}

export function aFact(fields: Partial<Fact> & Pick<Fact, 'kind'>): Fact {
  return { source: 'webhook', observed_at: '2026-11-23T00:01:00.000Z', ...fields };
}
