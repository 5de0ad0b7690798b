import { expect, it } from 'vitest';
import { paused, pausedForRestore } from '../../../domain/controls.ts';
import { planRun } from '../../../functions/reconcile/plan.ts';
import { createReconcileWorld } from '../../fakes/reconciliation.ts';

const NOW_MS = Date.parse('2026-11-23T00:00:01.000Z');

it('rebuilds while payouts are paused for a restore, and not while they are paused for anything else', async () => {
  const { deps, controls } = createReconcileWorld();
  const plan = () => planRun(deps, { rebuild: true }, 'a-run');
  await expect(plan()).rejects.toThrow('payouts pause --restore');
  controls.set(paused(await deps.controls.read(), 'jo', 'drill', NOW_MS));
  await expect(plan()).rejects.toThrow('payouts pause --restore');
  controls.set(pausedForRestore(await deps.controls.read(), 'jo', 'restore', NOW_MS));
  expect(await plan()).toMatchObject({ is_rebuild: true });
});
