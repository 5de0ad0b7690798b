import { describe, expect, it } from 'vitest';
import { GUARDS_MAX } from '../../../domain/guard.ts';
import type { Payout } from '../../../domain/payout.ts';
import { EMPTY_TALLY, type Run, type Tally } from '../../../domain/reconciliation.ts';
import { type OpenCursor, watchOpen } from '../../../functions/reconcile/watch-open.ts';
import { aPayout, aReference, TRANSACTION_ID } from '../../builders/payout.ts';
import { createReconcileWorld, YOUNG_MS } from '../../fakes/reconciliation.ts';

const RUN: Run = { from: '2026-11-22', to: '2026-11-22', today: '2026-11-23', is_rebuild: false, name: 'a-run' };
const NOW_MS = Date.parse('2026-11-23T00:00:01.000Z');
const STEPS_MAX = 300;

type World = ReturnType<typeof createReconcileWorld>;

const grown = (fields: Partial<Payout> = {}) => aPayout({ created_at: '2026-11-22T00:00:00.000Z', ...fields });
const many = (count: number) =>
  Array.from({ length: count }, (_, number) =>
    grown({
      uniqueReference: aReference(number),
      transaction_id: `txn-${aReference(number)}`,
      created_at: new Date(Date.parse('2026-11-20T00:00:00.000Z') + number).toISOString(),
    }),
  );

/** Calls as the machine does, until the phase has ended. */
async function watchAll(world: World) {
  let tally: Tally = EMPTY_TALLY;
  let cursor: OpenCursor | null = null;
  for (let steps = 1; steps <= STEPS_MAX; steps++) {
    ({ cursor, tally } = await watchOpen(world.deps, { run: RUN, cursor, tally, executionArn: 'a-run' }));
    if (cursor === null) return { tally, steps };
  }
  throw new Error('The phase has no end.');
}

function worldOf(payout: Payout, ...guards: ('running' | 'ended')[]): World {
  const world = createReconcileWorld(payout);
  for (const [index, state] of guards.entries()) {
    world.state.guards.set(index === 0 ? TRANSACTION_ID : `${TRANSACTION_ID}-${index + 1}`, state);
  }
  return world;
}

describe('an open payout', () => {
  it.each<[string, Partial<Payout>, ('running' | 'ended')[], string[]]>([
    ['whose guard runs is left alone', {}, ['running'], []],
    ['whose second guard runs is left alone', { guards: 2 }, ['ended', 'running'], []],
    ['whose guard never started gets it', {}, [], [TRANSACTION_ID]],
    [
      'whose second guard was claimed and never started gets that one',
      { guards: 2 },
      ['ended'],
      [`${TRANSACTION_ID}-2`],
    ],
    ['whose guard has ended gets the next', {}, ['ended'], [`${TRANSACTION_ID}-2`]],
    ['whose second guard has ended gets a third', { guards: 2 }, ['ended', 'ended'], [`${TRANSACTION_ID}-3`]],
  ])('%s', async (_what, fields, guards, started) => {
    const world = worldOf(grown(fields), ...guards);
    const { tally } = await watchAll(world);
    expect(world.state.started).toEqual(started);
    expect(tally.counts).toEqual(started.length > 0 ? { 'guard-started': 1 } : {});
    expect(tally.checked).toEqual({ open: 1 });
  });

  it('gets one guard from two runs', async () => {
    const world = worldOf(grown(), 'ended');
    await watchAll(world);
    expect((await watchAll(world)).tally.counts).toEqual({});
    expect(world.state.started).toEqual([`${TRANSACTION_ID}-2`]);
    expect(await world.store.read(TRANSACTION_ID)).toMatchObject({ guards: 2 });
  });

  it('that a person owns is left to that person, and told', async () => {
    const world = worldOf(grown({ posts: 1, escalated_round: 0 }), 'ended');
    const { tally } = await watchAll(world);
    expect(world.state.started).toEqual([]);
    expect(tally.named).toEqual({ escalated: [{ id: TRANSACTION_ID }] });
  });

  it('that a person has sent again is watched again', async () => {
    const world = worldOf(grown({ posts: 1, escalated_round: 0, resends: [1] }), 'ended');
    await watchAll(world);
    expect(world.state.started).toEqual([`${TRANSACTION_ID}-2`]);
  });

  it('is left to the person to whom its guard gave it while it was looked at', async () => {
    const world = worldOf(grown({ posts: 1 }));
    world.deps.guards.start = async () => {
      world.store.add(grown({ posts: 1, escalated_round: 0 }));
      return 'ended';
    };
    const { tally } = await watchAll(world);
    expect(tally.counts).toEqual({ escalated: 1 });
    expect(await world.store.read(TRANSACTION_ID)).not.toHaveProperty('guards');
  });

  it('that has had all its guards is told', async () => {
    const world = worldOf(grown({ guards: GUARDS_MAX }), ...Array.from({ length: GUARDS_MAX }, () => 'ended' as const));
    const { tally } = await watchAll(world);
    expect(tally.named).toEqual({ 'guards-used-up': [{ id: TRANSACTION_ID }] });
  });

  it.each([
    [YOUNG_MS - 1, []],
    [YOUNG_MS, [TRANSACTION_ID]],
  ])('of %i ms gets no guard while it is young', async (ageMs, started) => {
    const world = worldOf(grown({ created_at: new Date(NOW_MS - ageMs).toISOString() }));
    await watchAll(world);
    expect(world.state.started).toEqual(started);
  });

  it.each<[string, Payout[]]>([
    ['is final by now', [grown({ status: 'Completed' })]],
    ['is gone by now', []],
  ])('that the index still lists, and that %s, is none', async (_what, rows) => {
    const world = createReconcileWorld(...rows);
    world.state.index = [grown()];
    const { tally } = await watchAll(world);
    expect(world.state.started).toEqual([]);
    expect(tally).toEqual(EMPTY_TALLY);
  });
});

describe('a call', () => {
  it('looks after twenty-five payouts, and the next one goes on', async () => {
    const world = createReconcileWorld(...many(60));
    const { tally, steps } = await watchAll(world);
    expect(steps).toBe(3);
    expect(tally).toMatchObject({ counts: { 'guard-started': 60 }, checked: { open: 60 }, incomplete: [] });
    expect(new Set(world.state.started).size).toBe(60);
  });

  it('looks after as many as it is told', async () => {
    const world = createReconcileWorld(...many(5));
    const few = { ...world, deps: { ...world.deps, openPerCall: 2 } };
    const { tally, steps } = await watchAll(few);
    expect(steps).toBe(3);
    expect(tally).toMatchObject({ counts: { 'guard-started': 5 }, checked: { open: 5 } });
  });

  it('stops at five thousand of a run, and says so', async () => {
    const world = createReconcileWorld();
    world.state.index = many(5_010);
    const { tally } = await watchAll(world);
    expect(tally.incomplete).toEqual(['only 5000 open payouts were looked after']);
  });
});
