import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';
import type { LookupResult, Monoova, NowMs } from './ports.ts';
import { type SettleDeps, settle } from './settle.ts';

export type LookUpDeps = SettleDeps & { readonly monoova: Monoova; readonly nowMs: NowMs };

const KIND_OF_RESULT = {
  completed: 'completed',
  rejected: 'rejected',
  /** Monoova has it and works on it. */
  pending: 'accepted',
  'not-found': 'not-found',
} as const satisfies Partial<Record<LookupResult['kind'], Fact['kind']>>;

/**
 * Asks Monoova for the payout's reference, applies what it says, and gives back the payout as it stands then. An answer that
 * says nothing leaves the payout as it was. Safe to repeat.
 */
export async function lookUpAndSettle(deps: LookUpDeps, payout: Payout): Promise<Payout> {
  const result = await deps.monoova.lookUp(payout.uniqueReference);
  if (result.kind === 'unknown' || result.kind === 'credentials-refused') {
    if (result.kind === 'credentials-refused') deps.metrics.count('MonoovaCredentialsRefused');
    const said = result.kind === 'unknown' ? result.detail : result.code;
    deps.log.warn('Monoova said nothing about the reference.', { transaction_id: payout.transaction_id, said });
    return payout;
  }
  const settled = await settle(deps, payout.transaction_id, {
    kind: KIND_OF_RESULT[result.kind],
    source: 'status',
    observed_at: new Date(deps.nowMs()).toISOString(),
    ...(result.kind === 'not-found' ? {} : { detail: result.detail }),
  });
  return settled.outcome === 'no-such-payout' ? payout : settled.payout;
}
