import { describe, expect, it } from 'vitest';
import { PayoutConflictError } from '../../../domain/errors.ts';
import { settle } from '../../../functions/shared/settle.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { createWorld } from '../../fakes/world.ts';

const completed = aFact({ kind: 'completed' });

describe('settle', () => {
  it('writes the outcome and rings the doorbell that hung when it wrote', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    const settled = await settle(world.deps, TRANSACTION_ID, completed);
    expect(settled).toMatchObject({ outcome: 'applied', doorbell: 'rung', payout: { status: 'Completed' } });
    expect(world.rung).toEqual(['token-1']);
    expect(world.counted).toEqual(['PayoutCompleted']);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed' });
  });

  it('rings a doorbell that was hung between its read and its write', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    const { read } = world.store;
    world.store.read = async (transactionId) => {
      const payout = await read(transactionId);
      world.store.hangDoorbell(transactionId, 'late-token');
      return payout;
    };
    await settle(world.deps, TRANSACTION_ID, completed);
    expect(world.rung).toEqual(['late-token']);
  });

  it('does not ring for a fact that leaves the payout open', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    const settled = await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'accepted' }));
    expect(settled).toMatchObject({ outcome: 'applied', doorbell: 'none' });
    expect(world.rung).toEqual([]);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending', task_token: 'token-1' });
  });

  it('changes nothing when the same fact comes again', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    await settle(world.deps, TRANSACTION_ID, completed);
    const before = await world.store.read(TRANSACTION_ID);
    const again = { ...completed, observed_at: '2026-11-23T09:00:00.000Z' };
    expect(await settle(world.deps, TRANSACTION_ID, again)).toMatchObject({ outcome: 'known' });
    expect(await world.store.read(TRANSACTION_ID)).toEqual(before);
    expect(world.counted).toEqual(['PayoutCompleted']);
  });

  it('reads again when somebody wrote first, and loses neither fact', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    const { replace } = world.store;
    let isFirst = true;
    world.store.replace = async (previous, next) => {
      if (isFirst) {
        isFirst = false;
        await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'accepted', source: 'status' }));
      }
      return replace(previous, next);
    };
    await settle(world.deps, TRANSACTION_ID, completed);
    const payout = await world.store.read(TRANSACTION_ID);
    expect(payout?.history.map(({ kind }) => kind)).toEqual(['accepted', 'completed']);
  });

  it('reports and rings for its own write, when the answer was lost and the SDK was refused by it', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    const { replace } = world.store;
    world.store.replace = async (...write) => {
      await replace(...write);
      return { written: false };
    };
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({ outcome: 'applied', doorbell: 'rung' });
    expect(world.rung).toEqual(['token-1']);
    expect(world.counted).toEqual(['PayoutCompleted']);
  });

  describe('told what the record holds', () => {
    const withReads = (payout = aPayout({ posts: 1 })) => {
      const world = createWorld(payout);
      const { read } = world.store;
      let reads = 0;
      world.store.read = (transactionId) => {
        reads += 1;
        return read(transactionId);
      };
      return { ...world, reads: () => reads };
    };

    it('writes over it without a read', async () => {
      const known = aPayout({ posts: 1 });
      const world = withReads(known);
      world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
      const settled = await settle(world.deps, TRANSACTION_ID, completed, known);
      expect(settled).toMatchObject({ outcome: 'applied', doorbell: 'rung', payout: { status: 'Completed' } });
      expect(world.reads()).toBe(0);
    });

    it('reads after all where the record has moved on, and loses neither fact', async () => {
      const known = aPayout({ posts: 1 });
      const world = withReads(known);
      await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'accepted', source: 'status' }), known);
      await settle(world.deps, TRANSACTION_ID, completed, known);
      const payout = await world.store.read(TRANSACTION_ID);
      expect(payout?.history.map(({ kind }) => kind)).toEqual(['accepted', 'completed']);
      expect(payout?.revision).toBe(known.revision + 2);
    });

    it('answers with what the record says, where the fact is known', async () => {
      const world = withReads();
      const known = await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'accepted' }));
      if (known.outcome === 'no-such-payout') throw new Error('it is there');
      await settle(world.deps, TRANSACTION_ID, completed);
      const again = await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'accepted' }), known.payout);
      expect(again).toMatchObject({ outcome: 'known', payout: { status: 'Completed' } });
    });

    it('reports and rings once for its own write, whose answer was lost', async () => {
      const known = aPayout({ posts: 1, task_token: 'token-1' });
      const world = withReads(known);
      world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
      const { replace } = world.store;
      world.store.replace = async (...write) => {
        await replace(...write);
        return { written: false };
      };
      const settled = await settle(world.deps, TRANSACTION_ID, completed, known);
      expect(settled).toMatchObject({ outcome: 'applied', doorbell: 'rung' });
      expect(world.rung).toEqual(['token-1']);
    });
  });

  it('gives up with a name, and nothing written, after eight lost races', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.replace = async () => ({ written: false });
    await expect(settle(world.deps, TRANSACTION_ID, completed)).rejects.toThrow(PayoutConflictError);
  });

  it('measures how much was paid, which way and after how long, once', async () => {
    const payout = aPayout({
      posts: 1,
      amount_cents: 1234,
      payout_method: 'PayId',
      created_at: '2026-11-23T08:00:00.000Z',
    });
    const world = createWorld(payout);
    const fact = aFact({ kind: 'completed', observed_at: '2026-11-23T08:00:04.500Z' });
    await settle(world.deps, TRANSACTION_ID, fact);
    await settle(world.deps, TRANSACTION_ID, fact);
    expect(world.measured).toEqual([
      ['PayIdCompletedCents', 1234],
      ['CompletedAfterMs', 4500],
    ]);
  });

  it('says that there is no such payout', async () => {
    expect(await settle(createWorld().deps, TRANSACTION_ID, completed)).toEqual({ outcome: 'no-such-payout' });
  });

  it('counts and names a contradiction once', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    await settle(world.deps, TRANSACTION_ID, completed);
    await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'rejected' }));
    await settle(world.deps, TRANSACTION_ID, aFact({ kind: 'rejected', source: 'status' }));
    expect(world.counted.filter((name) => name === 'PayoutConflict')).toHaveLength(1);
    expect(world.lines.some((line) => line.includes('contradict') && line.includes(TRANSACTION_ID))).toBe(true);
  });

  it('counts each part that comes back, and the last one as Returned', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    await settle(world.deps, TRANSACTION_ID, completed);
    const part = aFact({ kind: 'returned', amount_cents: 10_000, return_transaction_id: 1030 });
    await settle(world.deps, TRANSACTION_ID, part);
    await settle(world.deps, TRANSACTION_ID, { ...part, source: 'reconciliation' });
    await settle(world.deps, TRANSACTION_ID, { ...part, amount_cents: 2_345, return_transaction_id: 1031 });
    expect(world.counted).toEqual(['PayoutCompleted', 'PayoutPartlyReturned', 'PayoutReturned']);
  });

  it('keeps the outcome when the guard cannot be told', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    world.deps.tokens.ring = () => Promise.reject(new Error('throttled'));
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({ doorbell: 'failed' });
    expect(world.counted).toContain('DoorbellFailed');
    expect(world.lines.join()).not.toContain('token-1');
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', task_token: 'token-1' });
  });

  it('rings again when the fact is told again, until the guard was told', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    const { ring } = world.deps.tokens;
    world.deps.tokens.ring = () => Promise.reject(new Error('throttled'));
    await settle(world.deps, TRANSACTION_ID, completed);
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({ outcome: 'known', doorbell: 'failed' });
    world.deps.tokens.ring = ring;
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({ outcome: 'known', doorbell: 'rung' });
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({ outcome: 'known', doorbell: 'none' });
    expect(world.rung).toEqual(['token-1']);
  });

  it('does not fail where the doorbell can neither be rung nor kept', async () => {
    const world = createWorld(aPayout({ posts: 1 }));
    world.store.hangDoorbell(TRANSACTION_ID, 'token-1');
    world.deps.tokens.ring = () => Promise.reject(new Error('throttled'));
    world.store.keepDoorbell = () => Promise.reject(new Error('away'));
    expect(await settle(world.deps, TRANSACTION_ID, completed)).toMatchObject({
      outcome: 'applied',
      doorbell: 'failed',
    });
    expect(world.lines.join()).not.toContain('token-1');
  });
});
