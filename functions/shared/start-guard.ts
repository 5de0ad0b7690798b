import type { Payout } from '../../domain/payout.ts';
import type { Guards, PayoutStore } from './ports.ts';

export type StartGuardDeps = { readonly store: PayoutStore; readonly guards: Guards };

/**
 * Gives an open payout one more guard: claims the next number in its record, and starts the execution of that name. Where another
 * claimed it first, or our own claim's answer was lost, the guard of the number that stands there is started, so that two
 * callers end with one guard and no number stays without one. A repeat with a payout that was read again starts another; two
 * guards are harmless, since the fence lets one of them post.
 *
 * @returns the number of the guard; undefined where the payout is no longer open or has had all its guards, and nothing was started
 */
export async function startGuard({ store, guards }: StartGuardDeps, payout: Payout): Promise<number | undefined> {
  const number = await store.claimGuard(payout);
  if (number !== undefined) await guards.start(payout.transaction_id, number);
  return number;
}
