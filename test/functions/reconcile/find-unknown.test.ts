import { describe, expect, it } from 'vitest';
import type { Payout } from '../../../domain/payout.ts';
import { EMPTY_TALLY, type Run, type Tally } from '../../../domain/reconciliation.ts';
import { addDays } from '../../../domain/sydney-day.ts';
import { findUnknown, type UnknownCursor } from '../../../functions/reconcile/find-unknown.ts';
import type { LookupResult } from '../../../functions/shared/ports.ts';
import { aPayout, aReference, REFERENCE, TRANSACTION_ID } from '../../builders/payout.ts';
import { createReconcileWorld, YOUNG_MS } from '../../fakes/reconciliation.ts';

const DAY = '2026-11-22';
const RUN: Run = { from: DAY, to: DAY, today: '2026-11-24', is_rebuild: false, name: 'a-run' };
const NOW_MS = Date.parse('2026-11-23T00:00:01.000Z');
const STEPS_MAX = 200;
const UNANSWERED = { kind: 'unknown', detail: 'HTTP 503' } as const;

type World = ReturnType<typeof createReconcileWorld>;

const grown = (fields: Partial<Payout> = {}) =>
  aPayout({ created_at: '2026-11-22T00:00:00.000Z', created_day: DAY, posts: 1, ...fields });
const payoutOf = (number: number, fields: Partial<Payout> = {}) =>
  grown({
    uniqueReference: aReference(number),
    transaction_id: `txn-${aReference(number)}`,
    created_at: new Date(Date.parse('2026-11-22T00:00:00.000Z') + number).toISOString(),
    ...fields,
  });

/** Calls as the machine does, until the phase has ended. */
async function findAll(world: World, run: Partial<Run> = {}) {
  let tally: Tally = EMPTY_TALLY;
  let cursor: UnknownCursor | null = null;
  const cursors: UnknownCursor[] = [];
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = { run: { ...RUN, ...run }, cursor, tally, executionArn: 'a-run' };
    ({ cursor, tally } = await findUnknown(world.deps, step));
    if (cursor === null) return { tally, cursors };
    cursors.push(cursor);
  }
  throw new Error('The phase has no end.');
}

async function findOne(payout: Payout, answer: LookupResult = { kind: 'not-found' }) {
  const world = createReconcileWorld(payout);
  world.state.lookUps.set(REFERENCE, answer);
  return { world, ...(await findAll(world)), after: await world.store.read(TRANSACTION_ID) };
}

describe('a payout that no book lists', () => {
  it.each<[string, Partial<Payout>, object]>([
    ['sent and open', { posts: 2 }, { 'not-found-yet': 1 }],
    ['sent and completed', { status: 'Completed' }, { 'unknown-at-monoova': 1 }],
    ['completed, by whatever POST', { status: 'Completed', posts: 0 }, { 'unknown-at-monoova': 1 }],
    ['sent and rejected', { status: 'Rejected' }, { 'unknown-at-monoova': 1 }],
    ['sent and returned', { status: 'Returned' }, { 'unknown-at-monoova': 1 }],
    ['never sent', { posts: 0 }, {}],
    ['never received', { posts: 0, status: 'Failed' }, {}],
    ['failed on the word of a person, who knew that nothing was received', { posts: 1, status: 'Failed' }, {}],
  ])('is told as what it is where Monoova does not know it: %s', async (_what, fields, counts) => {
    const { tally, after } = await findOne(grown(fields));
    expect(tally.counts).toEqual(counts);
    // One "not found" is no proof: nothing is changed by it.
    expect(after).toEqual(grown(fields));
  });

  it.each<[LookupResult, Partial<Payout>, object]>([
    [{ kind: 'completed', detail: 'Completed' }, { status: 'Completed' }, { repaired: 1 }],
    [{ kind: 'rejected', detail: 'Rejected' }, { status: 'Rejected' }, { repaired: 1 }],
    [{ kind: 'pending', detail: 'Pending' }, { received: true }, { noted: 1 }],
  ])('is brought to what Monoova says of it, on whatever day it was paid: %j', async (answer, expected, counts) => {
    const { tally, after } = await findOne(grown(), answer);
    expect(after).toMatchObject(expected);
    expect(tally.counts).toEqual(counts);
  });

  it.each<[LookupResult, Partial<Payout>, object]>([
    [{ kind: 'completed', detail: 'Completed' }, { status: 'Failed' }, { conflict: 1 }],
    [{ kind: 'pending', detail: 'Pending' }, { status: 'Completed' }, { 'status-differs': 1 }],
    [{ kind: 'completed', detail: 'Completed' }, { status: 'Completed' }, {}],
  ])('is told where %j is said of one that is %j', async (answer, fields, counts) => {
    expect((await findOne(grown(fields), answer)).tally.counts).toEqual(counts);
  });

  it('is left out where Monoova does not answer, and the run says so', async () => {
    const { tally } = await findOne(grown(), UNANSWERED);
    expect(tally).toMatchObject({ counts: {}, incomplete: [`${TRANSACTION_ID} could not be looked up: HTTP 503`] });
  });

  it('is none where it was settled while Monoova was asked', async () => {
    const world = createReconcileWorld(grown());
    world.state.happens = async (question) => {
      if (question.startsWith('look-up')) world.store.add(grown({ status: 'Failed', posts: 0 }));
    };
    expect((await findAll(world)).tally.counts).toEqual({});
  });

  it.each<[string, Partial<Payout>]>([
    ['sent just now', { last_posted_at: new Date(NOW_MS - YOUNG_MS + 1).toISOString() }],
    ['recorded just now', { created_at: new Date(NOW_MS - YOUNG_MS + 1).toISOString() }],
    [
      'being sent at this moment',
      { last_posted_at: '2026-11-22T00:00:00.000Z', posting_until: new Date(NOW_MS + 1).toISOString() },
    ],
  ])('is left alone while it is %s', async (_what, fields) => {
    const world = createReconcileWorld(grown(fields));
    const { tally } = await findAll(world, { from: DAY, to: '2026-11-23' });
    expect(world.state.lookedUp).toEqual([]);
    expect(tally).toMatchObject({ counts: {}, checked: { young: 1 } });
  });

  it('is looked for once it is sent long ago, to the millisecond', async () => {
    const { tally } = await findOne(grown({ last_posted_at: new Date(NOW_MS - YOUNG_MS).toISOString() }));
    expect(tally.counts).toEqual({ 'not-found-yet': 1 });
  });

  it('is read from the table, since the index lags', async () => {
    const world = createReconcileWorld(grown({ posts: 0, status: 'Failed' }));
    world.state.index = [{ ...grown(), status: 'Pending', posts: 1 }];
    expect((await findAll(world)).tally.counts).toEqual({});
    expect(world.state.lookedUp).toEqual([]);
  });

  it('may be gone since the index listed it', async () => {
    const world = createReconcileWorld();
    world.state.index = [grown()];
    expect((await findAll(world)).tally).toMatchObject({ counts: {}, checked: { payouts: 1 } });
  });
});

describe('the books', () => {
  it.each([
    [-2, 1],
    [-1, 0],
    [0, 0],
    [1, 0],
    [2, 1],
  ])('are read for a payment %i days from its record: asked for %i times by itself', async (away, looks) => {
    const world = createReconcileWorld(grown());
    const line = { uniqueReference: REFERENCE.toUpperCase(), said: 'pending', detail: 'Pending' } as const;
    world.state.books.set(addDays(DAY, away), { statuses: [line] });
    await findAll(world);
    expect(world.state.lookedUp).toHaveLength(looks);
  });

  it('are not asked for where they are still to come', async () => {
    const world = createReconcileWorld(grown());
    await findAll(world, { today: DAY });
    expect(world.state.asked).toEqual([`statuses ${addDays(DAY, -1)} ${DAY}`]);
  });

  it('that cannot be read leave the day out, and the run is not complete', async () => {
    const world = createReconcileWorld(grown());
    world.state.books.set(DAY, { statuses: UNANSWERED });
    const { tally } = await findAll(world, { from: addDays(DAY, -3), to: addDays(DAY, 1) });
    expect(world.state.lookedUp).toEqual([]);
    const days = [addDays(DAY, -1), DAY, addDays(DAY, 1)];
    expect(tally.incomplete).toEqual(days.map((day) => `payouts of ${day} were not looked for: HTTP 503`));
  });
});

describe('a call', () => {
  const many = (count: number, fields: Partial<Payout> = {}) =>
    Array.from({ length: count }, (_, number) => payoutOf(number, fields));
  const onDay = (cursors: readonly UnknownCursor[]) => cursors.map(({ payouts }) => payouts);

  it('looks at two hundred payouts, and the next one goes on', async () => {
    const { tally, cursors } = await findAll(createReconcileWorld(...many(450, { posts: 0 })));
    expect(tally.checked).toEqual({ payouts: 450 });
    expect(onDay(cursors)).toEqual([200, 400]);
  });

  it('asks for three payments, and the next one goes on', async () => {
    const { tally, cursors } = await findAll(createReconcileWorld(...many(8)));
    expect(tally).toMatchObject({ counts: { 'not-found-yet': 8 }, checked: { payouts: 8 } });
    expect(onDay(cursors)).toEqual([3, 6]);
  });

  it('stops at twenty thousand payouts of a day, and says so', async () => {
    const world = createReconcileWorld();
    world.state.index = many(20_300, { posts: 0 });
    const { tally } = await findAll(world);
    expect(tally).toMatchObject({ checked: { payouts: 20_000 } });
    expect(tally.incomplete).toEqual([`of ${DAY} only 20000 payouts were looked for`]);
  });
});
