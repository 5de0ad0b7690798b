import { describe, expect, it } from 'vitest';
import type { Guards } from '../../../functions/shared/ports.ts';
import { startGuard } from '../../../functions/shared/start-guard.ts';
import { aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { createFakePayoutStore } from '../../fakes/payout-store.ts';

function worldOf(...payouts: ReturnType<typeof aPayout>[]) {
  const started: string[] = [];
  const guards: Guards = {
    async start(id, number) {
      started.push(`${id}-${number}`);
      return 'started';
    },
  };
  return { deps: { store: createFakePayoutStore(...payouts), guards }, started };
}

describe('startGuard', () => {
  it('starts the guard of the number that it claimed', async () => {
    const payout = aPayout();
    const { deps, started } = worldOf(payout);
    expect(await startGuard(deps, payout)).toBe(2);
    expect(started).toEqual([`${TRANSACTION_ID}-2`]);
  });

  it('ends in one guard where two meet, and in no number without one', async () => {
    const payout = aPayout({ guards: 2 });
    const { deps, started } = worldOf(payout);
    await Promise.all([startGuard(deps, payout), startGuard(deps, payout)]);
    expect(started).toEqual([`${TRANSACTION_ID}-3`, `${TRANSACTION_ID}-3`]);
  });

  it('starts none for a payout that is final', async () => {
    const { deps, started } = worldOf(aPayout({ status: 'Completed' }));
    expect(await startGuard(deps, aPayout())).toBeUndefined();
    expect(started).toEqual([]);
  });
});
