import type { PayoutDetails, PayoutPage, PayoutView } from '../../domain/answers.ts';
import type { Fact } from '../../domain/fact.ts';
import { applyFact, type Payout } from '../../domain/payout.ts';
import { payoutDetails, payoutView } from '../../domain/payout-view.ts';
import { parseTransactionId, referenceOf, type TransactionId } from '../../domain/reference.ts';
import { EXAMPLE_ID } from './problems.ts';

const RECORDED: Payout = {
  transaction_id: EXAMPLE_ID,
  uniqueReference: referenceOf(parseTransactionId(EXAMPLE_ID) as TransactionId),
  customer_id: 'cust-1',
  amount_cents: 12_34,
  currency: 'AUD',
  payout_method: 'BankAccount',
  description: 'Refund 17',
  has_key: true,
  execution_arn: 'arn:aws:states:ap-southeast-2:000000000000:express:payouts-dev-submission:example',
  requested_by: 'arn:aws:iam::000000000000:role/example',
  created_at: '2026-11-23T01:00:00.000Z',
  created_day: '2026-11-23',
  updated_at: '2026-11-23T01:00:02.500Z',
  destination_id: 'dst-1',
  destination_masked: '••••01',
  destination_ciphertext: '',
  status: 'Pending',
  revision: 1,
  posts: 1,
  open: 'open',
  history: [],
};

const FACTS: readonly Fact[] = [
  { kind: 'accepted', source: 'submission', observed_at: '2026-11-23T01:00:00.400Z', detail: 'Ok' },
  { kind: 'completed', source: 'webhook', observed_at: '2026-11-23T01:00:02.500Z', detail: 'Payment Successful' },
];

/** Made by the code that makes the answers, so that no example can show what is never sent. */
const COMPLETED = FACTS.reduce((payout, fact) => applyFact(payout, fact).payout, RECORDED);

export const RECORDED_VIEW: PayoutView = payoutView(RECORDED);
export const REPLAYED_VIEW: PayoutView = payoutView(COMPLETED);
export const DETAILS: PayoutDetails = payoutDetails(COMPLETED);
export const PAGE: PayoutPage = { payouts: [payoutView(COMPLETED)] };
