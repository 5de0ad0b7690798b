import type { Fact } from './fact.ts';
import { CURRENCY } from './money.ts';
import { applyFact, type Payout } from './payout.ts';
import { transactionIdOf, type UniqueReference } from './reference.ts';
import { momentOfSydney } from './sydney-day.ts';

/** What Monoova's books tell of a payment of ours. */
export type Booked = {
  readonly reference: UniqueReference;
  readonly said: 'completed' | 'rejected' | 'pending' | 'unknown';
  /** Monoova's own word for it. */
  readonly detail: string;
  /** The day in Sydney whose books list it. */
  readonly day: string;
  /** As Sydney's clocks showed it. */
  readonly executedAt?: string | undefined;
  readonly amountCents?: number | undefined;
  readonly monoovaTransactionId?: number | undefined;
};

/** Shows nothing of a destination (domain/destination.ts). */
const NOTHING_SHOWN = '••••';

/**
 * The record of a payment that Monoova has and the table has lost. It is honest about what Monoova cannot know: there is no customer, no
 * method, no caller and no destination in it, and no amount where the books tell none. It says that Monoova has received the payment,
 * so that nobody ever posts it, and by its mere existence a replay of its key is a replay. Pure.
 */
export function rebuildPayout(booked: Booked, by: { readonly executionArn: string; readonly nowMs: number }): Payout {
  const now = new Date(by.nowMs).toISOString();
  const paidAt = new Date(paidAtMs(booked)).toISOString();
  const blank: Payout = {
    transaction_id: transactionIdOf(booked.reference),
    uniqueReference: booked.reference,
    ...(booked.amountCents !== undefined && { amount_cents: booked.amountCents }),
    currency: CURRENCY,
    execution_arn: by.executionArn,
    created_at: paidAt,
    created_day: booked.day,
    updated_at: now,
    destination_masked: NOTHING_SHOWN,
    status: 'Pending',
    // A write of before the loss, still on its way, knows no revision as high as this.
    revision: Math.floor(by.nowMs / 1_000),
    // One POST arrived at least, or Monoova would not have it.
    posts: 1,
    last_posted_at: paidAt,
    rebuilt_at: now,
    open: 'open',
    history: [],
  };
  return factsOf(booked, now).reduce((payout, fact) => applyFact(payout, fact).payout, blank);
}

function factsOf(booked: Booked, observed_at: string): Fact[] {
  const { said, detail, amountCents, monoovaTransactionId } = booked;
  const told = {
    source: 'reconciliation',
    observed_at,
    detail,
    ...(amountCents !== undefined && { amount_cents: amountCents }),
    ...(monoovaTransactionId !== undefined && { monoova_transaction_id: monoovaTransactionId }),
  } as const;
  const accepted: Fact = { kind: 'accepted', ...told };
  return said === 'completed' || said === 'rejected' ? [accepted, { kind: said, ...told }] : [accepted];
}

/** Where the books tell the day alone, its first moment. */
function paidAtMs({ executedAt, day }: Booked): number {
  const atMs = executedAt === undefined ? undefined : momentOfSydney(executedAt);
  return atMs ?? momentOfSydney(`${day}T00:00:00`) ?? Date.parse(`${day}T00:00:00Z`);
}
