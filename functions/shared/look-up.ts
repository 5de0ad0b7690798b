import type { Fact } from '../../domain/fact.ts';
import { isKnownToMonoova, type Payout } from '../../domain/payout.ts';
import { type GateDeps, type Pass, reportLookUp } from './gate.ts';
import type { LookupResult } from './ports.ts';
import { type SettleDeps, settle } from './settle.ts';

export type LookUpDeps = SettleDeps & GateDeps;

/** What Monoova's word for a payment teaches, wherever it says it. */
export const FACT_OF_WORD = {
  completed: 'completed',
  rejected: 'rejected',
  /** Monoova has it and works on it. */
  pending: 'accepted',
  'not-found': 'not-found',
} as const satisfies Partial<Record<LookupResult['kind'], Fact['kind']>>;

export type LookedUp = {
  /** As it stands after the look-up. */
  readonly payout: Payout;
  readonly said: LookupResult['kind'];
  /** Why the line to Monoova does not work; undefined where it does. */
  readonly lost?: string;
};

/**
 * Nothing was ever sent for this payout, so that there is nothing to look up. A POST that was proven unreceived was sent; so was one that a
 * restored record has forgotten, where Monoova has said since that it has it.
 */
export function wasNeverSent(payout: Payout): boolean {
  return payout.last_posted_at === undefined && !isKnownToMonoova(payout);
}

/**
 * Asks Monoova for the payout's reference and applies what it says. An answer that says nothing leaves the payout as it was. Safe
 * to repeat.
 */
export async function lookUpAndSettle(deps: LookUpDeps, pass: Pass, payout: Payout): Promise<LookedUp> {
  const result = await pass.line.lookUp(payout.uniqueReference);
  await reportLookUp(deps, pass, result);
  if (result.kind === 'unknown' || result.kind === 'credentials-refused') {
    if (result.kind === 'credentials-refused') deps.metrics.count('MonoovaCredentialsRefused');
    const reason = result.kind === 'unknown' ? result.detail : result.code;
    deps.log.warn('Monoova said nothing about the reference.', { transaction_id: payout.transaction_id, reason });
    const isLost = result.kind === 'unknown' && result.isLineLost;
    return { payout, said: result.kind, ...(isLost ? { lost: reason } : {}) };
  }
  const fact: Fact = {
    kind: FACT_OF_WORD[result.kind],
    source: 'status',
    observed_at: new Date(deps.nowMs()).toISOString(),
    ...(result.kind === 'not-found' ? {} : { detail: result.detail }),
  };
  const settled = await settle(deps, payout.transaction_id, fact, payout);
  return { payout: settled.outcome === 'no-such-payout' ? payout : settled.payout, said: result.kind };
}
