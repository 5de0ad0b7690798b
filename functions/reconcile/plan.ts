import * as z from 'zod';
import { ReconciliationRefusedError } from '../../domain/errors.ts';
import type { Run } from '../../domain/reconciliation.ts';
import { addDays, countDays, sydneyDayOf } from '../../domain/sydney-day.ts';
import type { ReconcileDeps } from './step.ts';

/** What an execution is asked for. The schedule asks for nothing, which means yesterday. */
const askedSchema = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  rebuild: z.boolean().default(false),
});

/** DynamoDB keeps 35 days of points in time, and the longest month is shorter: a longer range is two runs. */
export const DAYS_MAX = 31;

async function isPausedForRestore({ controls }: Pick<ReconcileDeps, 'controls'>): Promise<boolean> {
  const { paused_at, paused_for_restore } = await controls.read();
  return paused_at !== undefined && paused_for_restore === true;
}

/**
 * Which days a run takes. Nothing is changed by it.
 * @throws {ReconciliationRefusedError} in words that say what to ask for instead.
 */
export async function planRun(
  deps: Pick<ReconcileDeps, 'nowMs' | 'controls'>,
  asked: unknown,
  name: string,
): Promise<Run> {
  const parsed = askedSchema.safeParse(asked);
  if (!parsed.success)
    throw new ReconciliationRefusedError('The input is {from?, to?, rebuild?}, with days as YYYY-MM-DD.');
  const today = sydneyDayOf(deps.nowMs());
  const { to = addDays(today, -1), rebuild } = parsed.data;
  const { from = to } = parsed.data;
  const days = countDays(from, to);
  if (days < 1) throw new ReconciliationRefusedError(`${from} is after ${to}.`);
  if (days > DAYS_MAX)
    throw new ReconciliationRefusedError(`${days} days are asked for, and at most ${DAYS_MAX} are done.`);
  if (to > today) throw new ReconciliationRefusedError(`${to} is still to come: in Sydney it is ${today}.`);
  // A payment that is sent meanwhile could be one whose record is about to be rebuilt.
  if (rebuild && !(await isPausedForRestore(deps))) {
    throw new ReconciliationRefusedError(
      'A rebuild needs payouts to be paused for a restore until it has ended: run `payouts pause --restore` first.',
    );
  }
  return { from, to, today, is_rebuild: rebuild, name };
}
