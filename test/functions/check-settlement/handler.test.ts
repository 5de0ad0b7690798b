import { describe, expect, it } from 'vitest';
import { PayoutNotFoundError } from '../../../domain/errors.ts';
import type { Payout } from '../../../domain/payout.ts';
import type { ResubmissionPolicy } from '../../../domain/submission-rule.ts';
import { createHandler } from '../../../functions/check-settlement/handler.ts';
import type { GuardStart, Guards, LookupResult } from '../../../functions/shared/ports.ts';
import { settle } from '../../../functions/shared/settle.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld, KEY } from '../../fakes/world.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const posted = (fields: Partial<Payout> = {}) =>
  aPayout({ posts: 1, last_posted_at: '2026-11-22T00:00:00.000Z', ...fields });

/** Guards that answer a start so, and whom they were asked to start. */
function guardsThat(start: GuardStart = 'running') {
  const asked: string[] = [];
  const guards: Guards = {
    async start(id, number) {
      asked.push(`${id} ${number}`);
      return start;
    },
  };
  return { guards, asked };
}

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
  const step = await createHandler({ ...world.deps, guards: guardsThat().guards, policy })(
    { transaction_id: TRANSACTION_ID, is_last: isLast },
    'attempt-1',
  );
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

  it('asks about what Monoova has said it has, also where the record counts no POST, and never takes the end of patience for Failed', async () => {
    // Restored to a moment before its fence; the reconciliation has found the payment.
    const restored = aPayout({ received: true });
    const settled = await check(restored, { says: [{ kind: 'completed', detail: 'Complete' }] });
    expect(settled.payout).toMatchObject({ status: 'Completed' });
    const { step, payout } = await check(restored, { isLast: true, says: [{ kind: 'pending', detail: 'Pending' }] });
    expect(step).toMatchObject({ next: 'escalate' });
    expect(payout).toMatchObject({ status: 'Pending', history: [{ kind: 'accepted' }, { kind: 'escalated' }] });
  });

  it('does not take the end of patience for Failed where Monoova has said just now that it has the payment', async () => {
    const world = createWorld(aPayout());
    const { read } = world.store;
    let reads = 0;
    world.store.read = async (transactionId) => {
      reads += 1;
      // The reconciliation writes between the guard's look and its word.
      if (reads === 2)
        await settle({ ...world.deps, store: { ...world.store, read } }, TRANSACTION_ID, aFact({ kind: 'accepted' }));
      return read(transactionId);
    };
    const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
    const step = await handler({ transaction_id: TRANSACTION_ID, is_last: true }, 'attempt-1');
    expect(step).toMatchObject({
      next: 'escalate',
      known: expect.stringContaining('Monoova has said that it holds it'),
    });
    const payout = await read(TRANSACTION_ID);
    expect(payout).toMatchObject({ status: 'Pending', history: [{ kind: 'accepted' }, { kind: 'escalated' }] });
    expect(payout?.conflict).toBeUndefined();
  });

  it.each([
    ['completed', { kind: 'completed', detail: 'Complete' }, { next: 'end' }, 'Completed'],
    ['pending', { kind: 'pending', detail: 'Pending' }, { next: 'escalate' }, 'Pending'],
    ['no answer', { kind: 'unknown', detail: 'HTTP 503' }, { next: 'escalate' }, 'Pending'],
    ['a refused key', { kind: 'credentials-refused', code: 'MerchantLockedOut' }, { next: 'escalate' }, 'Pending'],
    ['not found', { kind: 'not-found' }, { next: 'end' }, 'Failed'],
  ] as const)('believes no record after a restore that it was never sent: %s', async (_what, says, step, status) => {
    const world = createWorld(aPayout());
    world.controls.set({ records_doubted_until: '2026-12-24T00:00:00.000Z' });
    world.monoova.answersLookUp(says);
    const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
    expect(await handler({ transaction_id: TRANSACTION_ID, is_last: true }, 'attempt-1')).toMatchObject(step);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status });
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
    const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
    const asGuard = (name: string) => {
      world.monoova.answersLookUp({ kind: 'not-found' });
      const execution_arn = `arn:aws:states:ap-southeast-2:000000000000:execution:settlement:${name}`;
      return handler({ transaction_id: TRANSACTION_ID, is_last: true, execution_arn }, name);
    };
    expect(await asGuard(TRANSACTION_ID)).toEqual({ next: 'end' });
    expect(await asGuard(`${TRANSACTION_ID}-2`)).toEqual({ next: 'end' });
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending' });
    expect(world.counted).not.toContain('PayoutEscalated');
    await asGuard(`${TRANSACTION_ID}-3`);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Failed', resends: [1] });
  });

  it.each([
    ['was never started, which is started', 'started', { next: 'end' }],
    ['is at work', 'running', { next: 'end' }],
    ['has ended and left the payout open, so that a person is told', 'ended', { next: 'escalate' }],
  ] as const)('ends in favour of a guard that %s', async (_which, start, step) => {
    const world = createWorld(posted({ guards: 2, resends: [0] }));
    world.monoova.answersLookUp({ kind: 'not-found' });
    const { guards, asked } = guardsThat(start);
    const handler = createHandler({ ...world.deps, guards, policy: NEVER });
    const execution_arn = `arn:aws:states:ap-southeast-2:000000000000:execution:settlement:${TRANSACTION_ID}`;
    expect(await handler({ transaction_id: TRANSACTION_ID, is_last: true, execution_arn }, 'a')).toMatchObject(step);
    expect(asked).toEqual([`${TRANSACTION_ID} 2`]);
  });

  it('tells nobody a second time where the guard that has ended has told a person', async () => {
    const world = createWorld(posted({ guards: 2, escalated_round: 0 }));
    world.monoova.answersLookUp({ kind: 'not-found' });
    const handler = createHandler({ ...world.deps, guards: guardsThat('ended').guards, policy: NEVER });
    const execution_arn = `arn:aws:states:ap-southeast-2:000000000000:execution:settlement:${TRANSACTION_ID}`;
    const step = await handler({ transaction_id: TRANSACTION_ID, is_last: true, execution_arn }, 'a');
    expect(step).toEqual({ next: 'end' });
    expect(world.counted).not.toContain('PayoutEscalated');
  });

  describe('asks Monoova', () => {
    const event = { transaction_id: TRANSACTION_ID, is_last: false };
    const open = (payout = posted()) => {
      const world = createWorld(payout);
      const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
      return { ...world, check: (attempt = 'attempt-1') => handler(event, attempt) };
    };

    it.each([
      ['a pause', { paused_at: '2026-11-23T00:00:00.000Z' }],
      ['an open breaker', { open_until: '2026-11-23T01:00:00.000Z' }],
    ])('whatever %s holds back: asking moves no money', async (_, controls) => {
      const world = open();
      world.controls.set(controls);
      world.monoova.answersLookUp({ kind: 'completed', detail: 'Complete' });
      expect(await world.check()).toEqual({ next: 'end' });
    });

    it('nothing with a key that is refused: this wait does not count', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY });
      expect(await world.check()).toEqual({ next: 'wait', held: 'credentials' });
      expect(world.monoova.lookedUp).toEqual([]);
      expect(await world.store.read(TRANSACTION_ID)).toEqual(posted());
    });

    it('and stops everybody where it is refused', async () => {
      const world = open();
      world.monoova.answersLookUp({ kind: 'credentials-refused', code: 'MerchantLockedOut' });
      expect(await world.check()).toEqual({ next: 'wait' });
      expect(await world.controls.read()).toMatchObject({ refused_key: KEY, refused_reason: 'MerchantLockedOut' });
      expect(await world.check('attempt-2')).toEqual({ next: 'wait', held: 'credentials' });
      expect(world.monoova.lookedUp).toHaveLength(1);
      expect(world.counted).toContain('MonoovaCredentialsRefused');
    });

    it('and lets the key rest where only an HTTP status speaks of it', async () => {
      const world = open();
      world.monoova.answersLookUp({ kind: 'credentials-refused', code: 'HTTP 403', isKeyDoubted: true });
      await world.check();
      expect(await world.controls.read()).toMatchObject({
        refused_key: KEY,
        refused_until: '2026-11-23T00:15:01.000Z',
      });
    });

    it('to find out, alone, whether another key works', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY });
      world.monoova.keys = { cached: KEY, fresh: '0123456789abcdef' };
      const { lookUp } = world.monoova;
      world.monoova.lookUp = async (reference) => {
        expect(await world.check('attempt-2')).toEqual({ next: 'wait', held: 'credentials' });
        return lookUp(reference);
      };
      world.monoova.answersLookUp({ kind: 'not-found' });
      expect(await world.check()).toEqual({ next: 'wait' });
      expect(world.monoova.lookedUp).toHaveLength(1);
      expect(await world.controls.read()).toMatchObject({ proven_key: '0123456789abcdef' });
    });

    it('and keeps the place of its probe where no answer came: a doubtful key is not shown in quick succession', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY, refused_until: '2026-11-23T00:00:00.000Z' });
      world.monoova.answersLookUp({ kind: 'unknown', detail: 'TIMEOUT' });
      expect(await world.check()).toEqual({ next: 'wait' });
      expect(await world.check('attempt-2')).toEqual({ next: 'wait', held: 'credentials' });
      world.passMs(15_000);
      world.monoova.answersLookUp({ kind: 'pending', detail: 'Pending' });
      expect(await world.check('attempt-3')).toEqual({ next: 'wait' });
      expect(await world.controls.read()).not.toHaveProperty('refused_key');
    });

    it('for the last time, and ends its patience, also where it may not ask', async () => {
      const world = open();
      world.controls.set({ refused_key: KEY });
      const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
      expect(await handler({ ...event, is_last: true }, 'attempt-1')).toMatchObject({ next: 'escalate' });
    });
  });

  it('says by name that there is no such record', async () => {
    const world = createWorld();
    const handler = createHandler({ ...world.deps, guards: guardsThat().guards, policy: NEVER });
    await expect(handler({ transaction_id: TRANSACTION_ID, is_last: false }, 'attempt-1')).rejects.toThrow(
      PayoutNotFoundError,
    );
  });
});
