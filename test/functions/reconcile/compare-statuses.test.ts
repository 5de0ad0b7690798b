import { describe, expect, it } from 'vitest';
import { applyFact, type Payout } from '../../../domain/payout.ts';
import { DISPUTED_MESSAGE, payoutView } from '../../../domain/payout-view.ts';
import { EMPTY_TALLY, type Run, type Tally } from '../../../domain/reconciliation.ts';
import { maySubmit } from '../../../domain/submission-rule.ts';
import { addDays } from '../../../domain/sydney-day.ts';
import { type CompareCursor, compareStatuses } from '../../../functions/reconcile/compare-statuses.ts';
import type { BookedStatus } from '../../../functions/shared/ports.ts';
import { aFact, aPayout, aReference, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createReconcileWorld, YOUNG_MS } from '../../fakes/reconciliation.ts';

const DAY = '2026-11-22';
const RUN: Run = { from: DAY, to: DAY, today: '2026-11-24', is_rebuild: false, name: 'a-run' };
const RUN_ARN = 'arn:aws:states:ap-southeast-2:000000000000:execution:reconciliation:a-run';
const NOW_MS = Date.parse('2026-11-23T00:00:01.000Z');
const STEPS_MAX = 200;

type World = ReturnType<typeof createReconcileWorld>;

const grown = (fields: Partial<Payout> = {}) =>
  aPayout({ created_at: '2026-11-22T00:00:00.000Z', posts: 1, ...fields });
const booked = (said: BookedStatus['said'], uniqueReference: string = REFERENCE): BookedStatus => ({
  uniqueReference,
  said,
  detail: `${said.slice(0, 1).toUpperCase()}${said.slice(1)}`,
});
const payoutOf = (number: number, fields: Partial<Payout> = {}) =>
  grown({ uniqueReference: aReference(number), transaction_id: `txn-${aReference(number)}`, ...fields });

/** Calls as the machine does, until the phase has ended. */
async function compareAll(world: World, run: Partial<Run> = {}) {
  let tally: Tally = EMPTY_TALLY;
  let cursor: CompareCursor | null = null;
  const cursors: CompareCursor[] = [];
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = { run: { ...RUN, ...run }, cursor, tally, executionArn: RUN_ARN };
    ({ cursor, tally } = await compareStatuses(world.deps, step));
    if (cursor === null) return { tally, cursors };
    cursors.push(cursor);
  }
  throw new Error('The phase has no end.');
}

function worldOf(payouts: readonly Payout[], ...statuses: BookedStatus[]): World {
  const world = createReconcileWorld(...payouts);
  world.state.books.set(DAY, { statuses });
  return world;
}

describe('the books of a day', () => {
  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('are read %i days from a day that is asked for: %s', async (away, isRead) => {
    const world = createReconcileWorld(grown());
    world.state.books.set(addDays(DAY, away), { statuses: [booked('completed')] });
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual(isRead ? { repaired: 1 } : {});
  });

  it('are not asked for where they are still to come', async () => {
    const world = createReconcileWorld();
    await compareAll(world, { today: DAY });
    expect(world.state.asked.filter((question) => question.startsWith('statuses'))).toEqual([
      `statuses ${addDays(DAY, -1)} ${addDays(DAY, -1)}`,
      `statuses ${DAY} ${DAY}`,
    ]);
  });

  it.each([
    ['completed', 'Completed', { repaired: 1 }],
    ['rejected', 'Rejected', { repaired: 1 }],
    ['pending', 'Pending', { noted: 1 }],
    ['unknown', 'Pending', { 'status-unclear': 1 }],
  ] as const)('say %s of an open payout, which is %s then', async (said, status, counts) => {
    const world = worldOf([grown()], booked(said));
    const { tally } = await compareAll(world);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status });
    expect(tally).toMatchObject({ counts, checked: { payments: 1 } });
  });

  it('know a Failed payout after all: whoever asks for it is not told to pay again', async () => {
    const failed = applyFact(grown({ posts: 0 }), aFact({ kind: 'patience-ended' })).payout;
    const world = worldOf([failed], booked('pending'));
    world.state.lookUps.set(REFERENCE, { kind: 'pending', detail: 'Pending' });
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual({ conflict: 1 });
    const payout = await world.store.read(TRANSACTION_ID);
    expect(payout).toMatchObject({ status: 'Failed', conflict: true });
    expect(payout && payoutView(payout).message).toBe(DISPUTED_MESSAGE);
    expect(world.counted).toContain('PayoutConflict');
  });

  it("know a payout that failed on a person's word: the person has to ask again", async () => {
    const failed = applyFact(grown(), aFact({ kind: 'failed', source: 'operator' })).payout;
    const world = worldOf([failed], booked('pending'));
    world.state.lookUps.set(REFERENCE, { kind: 'pending', detail: 'Pending' });
    expect((await compareAll(world)).tally.counts).toEqual({ 'status-differs': 1 });
  });

  it('list a payout under a status that proves nothing: Monoova has it, and it is not sent again', async () => {
    const neverSent = grown({ posts: 0 });
    const world = worldOf([neverSent], booked('unknown'));
    await compareAll(world);
    const payout = await world.store.read(TRANSACTION_ID);
    const isSent = payout && maySubmit(payout, { mode: 'never', quietPeriodMs: 1 }, NOW_MS);
    expect([maySubmit(neverSent, { mode: 'never', quietPeriodMs: 1 }, NOW_MS), isSent]).toEqual([true, false]);
  });

  it('tell a repair once: a repeat of the call finds nothing', async () => {
    const world = worldOf([grown()], booked('completed'));
    await compareAll(world);
    const before = await world.store.read(TRANSACTION_ID);
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual({});
    expect(await world.store.read(TRANSACTION_ID)).toEqual(before);
  });

  it('ring the doorbell of the guard that waits for it', async () => {
    const world = worldOf([grown({ task_token: 'a-token' })], booked('completed'));
    await compareAll(world);
    expect(world.rung).toEqual(['a-token']);
  });

  it('are a conflict where both are final and do not fit', async () => {
    const world = worldOf([grown({ status: 'Completed' })], booked('rejected'));
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual({ conflict: 1 });
    expect(tally.named.conflict).toEqual([{ id: TRANSACTION_ID, detail: 'Completed here, Rejected there' }]);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', conflict: true });
  });

  it('are read in whatever letters Monoova gives a reference back', async () => {
    const world = worldOf([grown()], booked('completed', REFERENCE.toUpperCase()));
    expect((await compareAll(world)).tally.counts).toEqual({ repaired: 1 });
  });

  it.each([
    ['4711', 'a number'],
    ['0a1b2c3d-4e5f-4a6b-9c7d-8e9f0a1b2c3d', 'a UUID of version 4'],
    ['0a1b2c3d-4e5f-7a6b-9c7d-8e9f0a1b2c3d', 'a UUID of version 7'],
  ])('list payments of others: %s', async (reference) => {
    const world = worldOf([], booked('completed', reference));
    const { tally } = await compareAll(world, { is_rebuild: true });
    expect(tally).toEqual({ ...EMPTY_TALLY, checked: { payments: 1, foreign: 1 } });
  });

  it('say the truth of a reference of another form that has a record', async () => {
    const reference = '0a1b2c3d-4e5f-4a6b-9c7d-8e9f0a1b2c3d';
    const payout = grown({ uniqueReference: reference, transaction_id: `txn-${reference}` });
    expect((await compareAll(worldOf([payout], booked('completed', reference)))).tally.counts).toEqual({ repaired: 1 });
  });

  it.each([
    [YOUNG_MS - 1, { checked: { payments: 1, young: 1 }, counts: {} }],
    [YOUNG_MS, { checked: { payments: 1 }, counts: { repaired: 1 } }],
  ])('leave an open payout of %i ms alone while it is young', async (ageMs, expected) => {
    const created_at = new Date(NOW_MS - ageMs).toISOString();
    const world = worldOf([grown({ created_at })], booked('completed'));
    expect((await compareAll(world)).tally).toMatchObject(expected);
  });

  it('that cannot be read leave the day out, and the run is not complete', async () => {
    const world = createReconcileWorld(grown());
    world.state.books.set(DAY, { statuses: { kind: 'unknown', detail: 'HTTP 503' } });
    world.state.books.set(addDays(DAY, 1), { statuses: [booked('completed')] });
    const { tally } = await compareAll(world);
    expect(tally).toMatchObject({ counts: { repaired: 1 }, incomplete: [`statuses of ${DAY}: HTTP 503`] });
  });

  it('without amounts are compared all the same, and the run is not complete', async () => {
    const world = createReconcileWorld(grown());
    const refused = { kind: 'credentials-refused', code: 'HTTP 401' } as const;
    world.state.books.set(DAY, { statuses: [booked('completed')], statement: refused, unreadable: 2 });
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual({ repaired: 1 });
    expect(tally.incomplete).toEqual([
      `amounts of ${DAY}: Monoova refuses our key (HTTP 401)`,
      `2 lines of the books of ${DAY} are unreadable`,
    ]);
  });
});

describe('a payment of ours without a record', () => {
  it('is an orphan', async () => {
    const { tally } = await compareAll(worldOf([], booked('completed')));
    expect(tally).toMatchObject({
      counts: { orphan: 1 },
      named: { orphan: [{ id: TRANSACTION_ID, detail: 'Completed' }] },
      checked: { payments: 1 },
    });
  });

  it('is none where it was recorded before the record is read, after the books', async () => {
    const world = worldOf([], booked('pending'));
    world.state.happens = async () => void (await world.deps.sweeps.record(grown({ received: true })));
    expect((await compareAll(world)).tally.counts).toEqual({});
  });

  it('is an orphan where the statement alone lists it', async () => {
    const world = createReconcileWorld();
    world.state.books.set(DAY, { statement: [{ uniqueReference: REFERENCE, amountCents: 12_345 as never }] });
    const { tally } = await compareAll(world);
    expect(tally.named.orphan).toEqual([{ id: TRANSACTION_ID, detail: '1 in the statement' }]);
  });

  describe('in a rebuild', () => {
    const rebuildOf = (world: World) => compareAll(world, { is_rebuild: true });
    const pausedWorldOf = (...statuses: BookedStatus[]) => {
      const world = worldOf([], ...statuses);
      world.controls.set({ paused_by: 'me', paused_at: '2026-11-23T00:00:00.000Z', pause_reason: 'a drill' });
      return world;
    };

    it('is recorded as what the books say', async () => {
      const world = pausedWorldOf(booked('completed'));
      const { tally } = await rebuildOf(world);
      expect(tally.counts).toEqual({ rebuilt: 1 });
      expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', received: true, posts: 1 });
    });

    it('is of the day of the books where the statement has no date for it', async () => {
      const world = pausedWorldOf(booked('completed'));
      const line = { uniqueReference: REFERENCE, amountCents: 12_345, executedAt: '0001-01-01T00:00:00' };
      world.state.books.set(DAY, { statuses: [booked('completed')], statement: [line as never] });
      await rebuildOf(world);
      expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', created_day: DAY });
    });

    it('is found rebuilt by a repeat of the call that did it, and not by another run', async () => {
      const world = pausedWorldOf(booked('completed'));
      await rebuildOf(world);
      expect((await rebuildOf(world)).tally.counts).toEqual({});
      const other = pausedWorldOf(booked('completed'));
      const died = other.deps.sweeps.record;
      // The record is written by a call whose answer is lost.
      other.deps = {
        ...other.deps,
        sweeps: { ...other.deps.sweeps, record: async (payout) => (await died(payout)) && false },
      };
      expect((await rebuildOf(other)).tally.counts).toEqual({ rebuilt: 1 });
    });

    it('is an orphan once payouts are resumed, and the run is not complete', async () => {
      const world = pausedWorldOf(booked('completed'));
      world.controls.set({ paused_at: undefined });
      const { tally } = await rebuildOf(world);
      expect(tally).toMatchObject({
        counts: { orphan: 1 },
        incomplete: ['payouts were resumed before the rebuild had ended'],
      });
      expect(await world.store.read(TRANSACTION_ID)).toBeUndefined();
    });

    it('is a payment that was made, where one of two was rejected', async () => {
      const world = pausedWorldOf(booked('rejected'), booked('completed'));
      await rebuildOf(world);
      expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ status: 'Completed', conflict: true });
    });
  });
});

describe('amounts and numbers of the statement', () => {
  const line = (fields: object) => ({ uniqueReference: REFERENCE, ...fields });
  const statedWorldOf = (payout: Payout, lines: readonly object[], ...statuses: BookedStatus[]) => {
    const world = createReconcileWorld(payout);
    world.state.books.set(DAY, { statuses, statement: lines.map(line) as never });
    return world;
  };
  const completed = (fields: Partial<Payout> = {}) => applyFact(grown(fields), aFact({ kind: 'completed' })).payout;

  it('give a payout the number that only Monoova knows', async () => {
    const world = statedWorldOf(
      completed(),
      [{ amountCents: 12_345, monoovaTransactionId: 4_711 }],
      booked('completed'),
    );
    expect((await compareAll(world)).tally.counts).toEqual({});
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ monoova_transaction_id: 4_711 });
  });

  it('are a conflict where the amount is another', async () => {
    const world = statedWorldOf(completed(), [{ amountCents: 1 }], booked('completed'));
    expect((await compareAll(world)).tally.named.conflict).toEqual([
      { id: TRANSACTION_ID, detail: 'the statement tells another amount' },
    ]);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ conflict: true });
  });

  it.each([
    [[{ monoovaTransactionId: 4_711 }, { monoovaTransactionId: 4_712 }], [booked('completed')]],
    [[], [booked('completed'), booked('pending')]],
    [[], [booked('completed'), booked('completed')]],
  ])('are two payments of one reference: %j', async (lines, statuses) => {
    const { tally } = await compareAll(statedWorldOf(completed({ monoova_transaction_id: 4_711 }), lines, ...statuses));
    expect(tally.counts['paid-twice']).toBe(1);
  });
});

describe('what differs without proof', () => {
  const failed = () => grown({ status: 'Failed', posts: 0 });

  it('is asked for again, and no difference where the books were only read too early', async () => {
    const world = worldOf([grown({ status: 'Completed' })], booked('pending'));
    world.state.lookUps.set(REFERENCE, { kind: 'completed', detail: 'Completed' });
    expect((await compareAll(world)).tally.counts).toEqual({});
    expect(world.state.lookedUp).toEqual([REFERENCE]);
  });

  it.each([
    [{ kind: 'pending', detail: 'Pending' }, { 'status-differs': 1 }, 'Failed here, Pending there'],
    [{ kind: 'not-found' }, { 'status-differs': 1 }, 'Failed here, not found there'],
    [{ kind: 'completed', detail: 'Completed' }, { conflict: 1 }, 'Failed here, Completed there'],
  ] as const)('is told as what the second look says: %j', async (answer, counts, detail) => {
    const world = worldOf([failed()], booked('pending'));
    world.state.lookUps.set(REFERENCE, answer);
    const { tally } = await compareAll(world);
    expect(tally.counts).toEqual(counts);
    expect(Object.values(tally.named)).toEqual([[{ id: TRANSACTION_ID, detail }]]);
  });

  it('is read again after the second look', async () => {
    const world = worldOf([failed()], booked('pending'));
    world.state.lookUps.set(REFERENCE, { kind: 'completed', detail: 'Completed' });
    world.state.happens = async (question) => {
      if (question.startsWith('look-up')) world.store.add({ ...failed(), status: 'Completed' });
    };
    expect((await compareAll(world)).tally.counts).toEqual({});
  });

  it('is left out where Monoova does not answer, and the run says so', async () => {
    const world = worldOf([failed()], booked('pending'));
    world.state.lookUps.set(REFERENCE, { kind: 'unknown', detail: 'HTTP 503' });
    const { tally } = await compareAll(world);
    expect(tally).toMatchObject({
      counts: {},
      incomplete: [`${TRANSACTION_ID} could not be looked up again: HTTP 503`],
    });
  });
});

describe('a call', () => {
  const many = (count: number, said: BookedStatus['said']) =>
    Array.from({ length: count }, (_, number) => booked(said, aReference(number)));

  it('looks at five hundred payments, and the next one goes on', async () => {
    const world = worldOf([], ...many(1_200, 'completed'));
    const { tally, cursors } = await compareAll(world);
    expect(tally).toMatchObject({ counts: { orphan: 1_200 }, checked: { payments: 1_200 }, incomplete: [] });
    const after = cursors.filter(({ day }) => day === DAY).map(({ payments }) => payments);
    expect(after).toEqual([0, 500, 1_000]);
  });

  it('goes on behind the same payment, however many have come before it meanwhile', async () => {
    const world = worldOf([], ...many(600, 'completed').slice(10));
    world.state.happens = async () => {
      if (world.state.asked.length > 4) world.state.books.set(DAY, { statuses: many(600, 'completed') });
    };
    const { tally } = await compareAll(world);
    const named = tally.named.orphan?.map(({ id }) => id) ?? [];
    expect(tally.counts.orphan).toBe(590);
    expect(new Set(named).size).toBe(named.length);
  });

  it('writes fifty times, and looks again three times', async () => {
    const payouts = Array.from({ length: 120 }, (_, number) => payoutOf(number));
    const written = worldOf(payouts, ...many(120, 'completed'));
    const writing = await compareAll(written);
    expect(writing.tally.counts).toEqual({ repaired: 120 });
    expect(writing.cursors.filter(({ day }) => day === DAY).map(({ payments }) => payments)).toEqual([0, 50, 100]);

    const failed = payouts.slice(0, 8).map((payout) => ({ ...payout, status: 'Failed' as const, posts: 0 }));
    const looking = await compareAll(worldOf(failed, ...many(8, 'pending')));
    expect(looking.tally.counts).toEqual({ 'status-differs': 8 });
    expect(looking.cursors.filter(({ day }) => day === DAY).map(({ payments }) => payments)).toEqual([0, 3, 6]);
  });

  it('stops at twenty thousand payments of a day, and says so', async () => {
    const { tally } = await compareAll(worldOf([], ...many(20_500, 'completed')));
    expect(tally.counts.orphan).toBe(20_000);
    expect(tally.incomplete).toEqual([`of ${DAY} only 20000 payments were compared`]);
  });
});
