import { describe, expect, it } from 'vitest';
import { applyFact, type Payout } from '../../domain/payout.ts';
import type { TransactionId } from '../../domain/reference.ts';
import type { Guards, LookupResult } from '../../functions/shared/ports.ts';
import type { Resolution } from '../../ops/resolution.ts';
import { resolvePayout } from '../../ops/resolve-payout.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../builders/payout.ts';
import { createWorld, KEY } from '../fakes/world.ts';

const SECOND = 'arn:aws:iam::000000000000:user/second';
const escalated = (fields: Partial<Payout> = {}) =>
  aPayout({
    posts: 1,
    last_posted_at: '2026-11-20T00:00:00.000Z',
    escalated_round: 0,
    ended_unpaid_round: 0,
    ...fields,
  });

function worldOf(payout: Payout, ...says: LookupResult[]) {
  const world = createWorld(payout);
  world.monoova.answersLookUp(...says);
  const started: number[] = [];
  const guards: Guards = {
    async start(_id, number) {
      started.push(number);
      return 'started';
    },
  };
  const resolve = (as: Resolution, fields: { readonly by?: string; readonly evidence?: string } = {}) =>
    resolvePayout(
      { ...world.deps, guards },
      {
        transactionId: TRANSACTION_ID as TransactionId,
        as,
        evidence: 'a letter',
        by: SECOND,
        attempt: 'attempt-x',
        ...fields,
      },
    );
  const write = async (change: (payout: Payout) => Payout) => {
    const before = (await world.store.read(TRANSACTION_ID)) as Payout;
    await world.store.replace(before, change(before));
  };
  return { ...world, started, resolve, write };
}

const NOT_FOUND = { kind: 'not-found' } as const;

describe('resolvePayout', () => {
  it('rings the doorbell of a guard that still waits', async () => {
    const { resolve, store, rung } = worldOf(escalated(), NOT_FOUND);
    store.hangDoorbell(TRANSACTION_ID, 'token-1');
    expect(await resolve('failed')).toMatchObject({ payout: { status: 'Failed' } });
    expect(rung).toEqual(['token-1']);
  });

  it('leaves the word to Monoova where it says the same itself', async () => {
    const { resolve, store } = worldOf(escalated(), { kind: 'completed', detail: 'Complete' });
    expect(await resolve('completed')).toMatchObject({ isMonoovasWord: true, payout: { status: 'Completed' } });
    expect((await store.read(TRANSACTION_ID))?.history.map(({ source }) => source)).toEqual(['status']);
  });

  it('does not contradict a webhook that came while Monoova was asked', async () => {
    const { resolve, store, monoova, write } = worldOf(escalated(), NOT_FOUND);
    const { lookUp } = monoova;
    monoova.lookUp = async (reference) => {
      await write((payout) => applyFact(payout, aFact({ kind: 'completed' })).payout);
      return lookUp(reference);
    };
    await expect(resolve('failed')).rejects.toThrow('it is Completed, and no fact lowers that');
    expect(await store.read(TRANSACTION_ID)).not.toHaveProperty('conflict');
  });

  it.each(['rejected', 'failed'] as const)(
    'writes no %s where another POST was made while the person spoke',
    async (as) => {
      const { resolve, store, write } = worldOf(escalated(), NOT_FOUND);
      const { replace } = store;
      let writes = 0;
      store.replace = async (previous, next) => {
        writes += 1;
        // The first write is the look-up's; before the person's, somebody sends.
        if (writes === 2) await sendOnceMore();
        return replace(previous, next);
      };
      const sendOnceMore = () =>
        write((payout) => ({
          ...payout,
          revision: payout.revision + 1,
          posts: 2,
          last_posted_at: '2026-11-23T00:00:00.000Z',
        }));
      await expect(resolve(as)).rejects.toThrow('it was sent to Monoova while you spoke');
      expect(await store.read(TRANSACTION_ID)).toMatchObject({ status: 'Pending', posts: 2 });
    },
  );

  it('shows nobody a key that Monoova refuses, and takes no silence for an answer', async () => {
    const { resolve, controls, monoova } = worldOf(escalated());
    const none = await controls.read();
    await controls.replace(none, { ...none, revision: 1, changed_by: 'x', refused_key: KEY, refused_at: '2026-11-23' });
    await expect(resolve('failed')).rejects.toThrow('Monoova does not answer');
    expect(monoova.lookedUp).toEqual([]);
  });

  it('refuses who asked for it, and whom nobody can tell from them, before Monoova is asked', async () => {
    const { resolve, monoova } = worldOf(
      escalated({ requested_by: 'arn:aws:sts::000000000000:assumed-role/ops/alice' }),
    );
    for (const by of [
      'arn:aws:sts::000000000000:assumed-role/ops/bob',
      'arn:aws:sts::000000000000:federated-user/bob',
    ]) {
      await expect(resolve('failed', { by })).rejects.toThrow('it takes a second person');
    }
    const { requested_by: _unknown, ...rebuilt } = escalated();
    await expect(worldOf(rebuilt).resolve('failed')).rejects.toThrow('is not known any more');
    expect(monoova.lookedUp).toEqual([]);
  });

  it('says so where there is no such payout, and where no guard is left', async () => {
    await expect(worldOf(aPayout({ transaction_id: 'txn-other' })).resolve('failed')).rejects.toThrow(
      'there is no payout',
    );
    const { resolve, started } = worldOf(escalated({ guards: 20 }), NOT_FOUND);
    await expect(resolve('resend')).rejects.toThrow('no guard was started');
    expect(started).toEqual([]);
  });
});
