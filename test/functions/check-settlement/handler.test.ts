import { describe, expect, it } from 'vitest';
import { PayoutNotFoundError } from '../../../domain/errors.ts';
import type { Payout } from '../../../domain/payout.ts';
import type { ResubmissionPolicy } from '../../../domain/submission-rule.ts';
import { createHandler } from '../../../functions/check-settlement/handler.ts';
import type { LookupResult } from '../../../functions/shared/ports.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld } from '../../fakes/world.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const posted = (fields: Partial<Payout> = {}) =>
  aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z', ...fields });

async function check(
  payout: Payout,
  {
    policy = NEVER,
    isLast = false,
    says = [] as LookupResult[],
  }: { policy?: ResubmissionPolicy; isLast?: boolean; says?: LookupResult[] } = {},
) {
  const world = createWorld(payout);
  world.monoova.answersLookUp(...says);
  const step = await createHandler({ ...world.deps, policy })({ transaction_id: TRANSACTION_ID, is_last: isLast });
  return { ...world, step, payout: await world.store.read(TRANSACTION_ID) };
}

describe('CheckSettlement', () => {
  it.each([
    ['completed', 'Completed'],
    ['rejected', 'Rejected'],
  ] as const)('ends when Monoova says %s', async (kind, status) => {
    const { step, payout } = await check(posted(), { says: [{ kind, detail: 'said so' }] });
    expect(step).toEqual({ next: 'end' });
    expect(payout).toMatchObject({ status, history: [{ kind, source: 'status' }] });
  });

  it('ends without asking when the outcome is written already', async () => {
    const { step, monoova } = await check(aPayout({ status: 'Completed', posts: 1 }));
    expect(step).toEqual({ next: 'end' });
    expect(monoova.lookedUp).toEqual([]);
  });

  it('waits on while Monoova works on it', async () => {
    const { step } = await check(posted(), { policy: QUIET, says: [{ kind: 'pending', detail: 'Pending' }] });
    expect(step).toEqual({ next: 'wait' });
  });

  it.each([
    { kind: 'unknown', detail: 'HTTP 503' },
    { kind: 'credentials-refused', code: 'MerchantLockedOut' },
  ] as const)('waits on when the look-up teaches nothing: %j', async (result) => {
    const { step, payout } = await check(posted(), { policy: QUIET, says: [result] });
    expect(step).toEqual({ next: 'wait' });
    expect(payout?.history).toEqual([]);
  });

  it('sends on what was never posted, without asking about it', async () => {
    const { step, monoova } = await check(aPayout());
    expect(step).toEqual({ next: 'submit' });
    expect(monoova.lookedUp).toEqual([]);
  });

  it('never sends again in a stage that forbids it, however often Monoova does not find it', async () => {
    const notFounds = ['01', '02', '03'].map((minute) =>
      aFact({ kind: 'not-found', source: 'status', observed_at: `2026-11-22T00:${minute}:00.000Z` }),
    );
    const { step } = await check(posted({ history: notFounds }), { says: [{ kind: 'not-found' }] });
    expect(step).toEqual({ next: 'wait' });
  });

  it('sends again after the third not-found over the quiet period, in a stage that allows it', async () => {
    const two = ['01', '02'].map((minute) =>
      aFact({ kind: 'not-found', source: 'status', observed_at: `2026-11-22T00:${minute}:00.000Z` }),
    );
    const { step } = await check(posted({ history: two }), { policy: QUIET, says: [{ kind: 'not-found' }] });
    expect(step).toEqual({ next: 'submit' });
    const early = await check(posted({ history: two.slice(1) }), { policy: QUIET, says: [{ kind: 'not-found' }] });
    expect(early.step).toEqual({ next: 'wait' });
  });

  it('asks once more about what was sent and proven unreceived, before the end of patience calls it Failed', async () => {
    const sent = aPayout({ posts: 0, last_posted_at: '2026-11-22T00:00:00.000Z' });
    const found = await check(sent, { isLast: true, says: [{ kind: 'completed', detail: 'Complete' }] });
    expect(found.payout).toMatchObject({ status: 'Completed' });
    const nowhere = await check(sent, { isLast: true, says: [{ kind: 'not-found' }] });
    expect(nowhere.payout).toMatchObject({ status: 'Failed' });
  });

  it('fails at the end of patience what was never posted: that is proof', async () => {
    const { step, payout } = await check(aPayout(), { isLast: true });
    expect(step).toEqual({ next: 'end' });
    expect(payout).toMatchObject({ status: 'Failed', history: [{ kind: 'patience-ended' }] });
  });

  it('gives what may have arrived to a person at the end of patience, and leaves it Pending', async () => {
    const { step, payout, counted, lines } = await check(posted(), { isLast: true, says: [{ kind: 'not-found' }] });
    expect(step).toEqual({ next: 'escalate', known: expect.stringContaining('1 POST of it may have arrived') });
    expect(payout).toMatchObject({ status: 'Pending' });
    expect(payout?.history.at(-1)).toMatchObject({ kind: 'escalated' });
    expect(counted).toContain('PayoutEscalated');
    expect(lines.some((line) => line.includes(TRANSACTION_ID))).toBe(true);
  });

  it('leaves the end of patience to the guard that has taken its place', async () => {
    const world = createWorld(posted({ guards: 3, resends: [1] }));
    const handler = createHandler({ ...world.deps, policy: NEVER });
    const asGuard = (name: string) => {
      world.monoova.answersLookUp({ kind: 'not-found' });
      const execution_arn = `arn:aws:states:ap-southeast-2:000000000000:execution:settlement:${name}`;
      return handler({ transaction_id: TRANSACTION_ID, is_last: true, execution_arn });
    };
    expect(await asGuard(TRANSACTION_ID)).toEqual({ next: 'end' });
    expect(await asGuard(`${TRANSACTION_ID}-2`)).toEqual({ next: 'end' });
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending' });
    expect(world.counted).not.toContain('PayoutEscalated');
    await asGuard(`${TRANSACTION_ID}-3`);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Failed', resends: [1] });
  });

  it('says by name that there is no such record', async () => {
    const world = createWorld();
    const handler = createHandler({ ...world.deps, policy: NEVER });
    await expect(handler({ transaction_id: TRANSACTION_ID, is_last: false })).rejects.toThrow(PayoutNotFoundError);
  });
});
