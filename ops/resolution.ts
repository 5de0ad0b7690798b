import { type Fact, RESENDS_MAX } from '../domain/fact.ts';
import {
  HISTORY_MAX_FACTS,
  isEscalated,
  isFinal,
  openPosts,
  type Payout,
  type PayoutStatus,
  roundOf,
  STATUSES,
} from '../domain/payout.ts';
import type { LookedUp } from '../functions/shared/look-up.ts';
import { UsageError } from './errors.ts';
import { sydneyTimeOf } from './render.ts';

/** What a person may say of a payout. */
const RESOLUTIONS = ['completed', 'rejected', 'failed', 'resend'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** @throws {UsageError} for anything else. */
export function resolutionFrom(text: string): Resolution {
  const resolution = RESOLUTIONS.find((known) => known === text);
  if (resolution !== undefined) return resolution;
  throw new UsageError(`--as is one of ${RESOLUTIONS.join(', ')}`);
}

const STATUS_OF: Readonly<Record<Resolution, PayoutStatus>> = {
  completed: 'Completed',
  rejected: 'Rejected',
  failed: 'Failed',
  resend: 'Pending',
};

/**
 * Why the payout as it stands cannot be resolved so, in a sentence; undefined where it can. A status goes only upwards, as every
 * fact's does, and a POST that may be under way is waited for. Pure.
 */
export function refusalOf(payout: Payout, as: Resolution, nowMs: number): string | undefined {
  const { status, history } = payout;
  if (as === 'resend') {
    if (isFinal(status)) return `it is ${status}: only a payout that is still Pending can be sent again`;
  } else if (STATUSES.indexOf(status) >= STATUSES.indexOf(STATUS_OF[as])) {
    return status === STATUS_OF[as] ? `it is ${status} already` : `it is ${status}, and no fact lowers that`;
  }
  if (history.length >= HISTORY_MAX_FACTS) return 'its history is full, so that the evidence could not be kept';
  return as === 'completed' ? undefined : refusalOfNoPayment(payout, as, nowMs);
}

/** All but `completed` invite somebody to pay again: what may be on its way is waited for. */
function refusalOfNoPayment(payout: Payout, as: Exclude<Resolution, 'completed'>, nowMs: number): string | undefined {
  const { posting_until } = payout;
  if (posting_until !== undefined && Date.parse(posting_until) > nowMs) {
    return `a POST to Monoova may be under way until ${sydneyTimeOf(posting_until)}: say it after that`;
  }
  if (as !== 'resend') return undefined;
  if (payout.received === true || payout.monoova_transaction_id !== undefined) return MONOOVA_HAS_IT;
  if (roundOf(payout) >= RESENDS_MAX && !isResendUnused(payout)) {
    return `it was sent again ${RESENDS_MAX} times on a person's word already: ask Monoova why it does not arrive`;
  }
  return undefined;
}

const MONOOVA_HAS_IT =
  'Monoova has said that it holds it, so it is never sent again. If Monoova has since told you in writing that no money moved and ' +
  'none will, say --as failed, and have it asked for again with a new Idempotency-Key';

/**
 * Why what Monoova has answered at this very moment forbids it; undefined where it does not. Pure.
 * @param answer the look-up, and the payout as it stands after it
 */
export function refusalAfter({ payout, said }: LookedUp, as: Resolution): string | undefined {
  if (said === as) return undefined;
  if (said === 'completed' || said === 'rejected') {
    return `Monoova itself calls it ${said} now; that is written, and it is ${payout.status}`;
  }
  if (as === 'completed') return undefined;
  if (said === 'pending') return 'Monoova knows it and works on it: nothing else may be said of it now';
  // Of a status that proves nothing (`Dishonoured`) only a person can say what it means.
  if (as === 'rejected') return undefined;
  if (said === 'not-found') return undefined;
  return 'Monoova does not answer whether it knows it: ask again when it does';
}

/** A person has let it be sent once more, and that has not happened yet: the word needs no second one, only a guard. */
export function isResendUnused(payout: Payout): boolean {
  return roundOf(payout) > 0 && openPosts(payout) === 0 && !isEscalated(payout);
}

/** What is written: about the payout as the person saw it. Pure. */
export function factOf(
  payout: Payout,
  as: Resolution,
  said: { readonly by: string; readonly evidence: string; readonly nowMs: number },
): Fact {
  const { by, evidence, nowMs } = said;
  const fact = { kind: as, source: 'operator', observed_at: new Date(nowMs).toISOString(), by, evidence } as const;
  if (as === 'completed') return fact;
  const { last_posted_at } = payout;
  const seen = last_posted_at === undefined ? fact : { ...fact, last_posted_at };
  return as === 'resend' ? { ...seen, round: roundOf(payout) + 1 } : seen;
}
