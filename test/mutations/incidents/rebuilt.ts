import type { Payout } from '../../../domain/payout.ts';

/** The payout that a run of seed 3 asks for, rebuilt before it: Monoova has said that it has it, of a POST that nothing counts. */
export const REBUILT: Payout = {
  transaction_id: 'txn-bbc237fa-b046-8baa-be4d-bd9c91a730e3',
  uniqueReference: 'bbc237fa-b046-8baa-be4d-bd9c91a730e3',
  customer_id: 'cust-1',
  amount_cents: 1_485,
  currency: 'AUD',
  payout_method: 'BankAccount',
  has_key: true,
  requested_by: 'arn:aws:iam::000000000000:user/client',
  execution_arn: 'arn:aws:states:ap-southeast-2:000000000000:express:payouts-dev-submission:before:the-loss',
  created_at: '2026-11-22T00:30:00.560Z',
  created_day: '2026-11-22',
  updated_at: '2026-11-22T23:30:02.028Z',
  rebuilt_at: '2026-11-22T23:30:00.000Z',
  destination_id: 'dst-BankAccount-1',
  destination_masked: '••••185',
  status: 'Pending',
  open: 'open',
  received: true,
  revision: 1_003,
  posts: 0,
  history: [{ kind: 'accepted', detail: 'Pending', source: 'reconciliation', observed_at: '2026-11-22T23:30:02.028Z' }],
};
