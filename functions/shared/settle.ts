import { PayoutConflictError } from '../../domain/errors.ts';
import type { Fact } from '../../domain/fact.ts';
import { applyFact, isFinal, type Payout, type PayoutStatus } from '../../domain/payout.ts';
import { errorName } from './error-name.ts';
import type { Log, MetricName, Metrics, PayoutStore, TaskTokens } from './ports.ts';

export type SettleDeps = {
  readonly store: PayoutStore;
  readonly tokens: TaskTokens;
  readonly metrics: Metrics;
  readonly log: Log;
};

export type Settled =
  | { readonly outcome: 'no-such-payout' }
  /** `known`: the fact had been applied before, or says nothing of the payout as it stands; nothing was written. */
  | {
      readonly outcome: 'applied' | 'known';
      readonly payout: Payout;
      /**
       * `failed`: the outcome is written, but the guard could not be told. The doorbell is kept in the record, and rung when the fact is
       * told again; at the latest the guard finds out at the end of its wait.
       */
      readonly doorbell: 'rung' | 'none' | 'failed';
    };

/** Writers meet rarely (a webhook and a look-up); each lost race re-reads, and this many in a row is a defect. */
const TRIES_MAX = 8;

const METRIC_OF_STATUS: Readonly<Record<PayoutStatus, MetricName | undefined>> = {
  Pending: undefined,
  Failed: 'PayoutFailed',
  Rejected: 'PayoutRejected',
  Completed: 'PayoutCompleted',
  Returned: 'PayoutReturned',
};

/**
 * The one path to a new status: read, apply, write on the revision that was read, and ring the guard's doorbell once the
 * written row is final. Safe to repeat: a fact that is known changes nothing, but rings a doorbell that could not be rung before.
 * @param known the payout as the caller has just read or written it, which spares the first read. It is only ever written over:
 *   where it has moved on, or knows the fact already, the record is read.
 * @param isMoot whether the fact must not be written over the payout as it stands at this very write, however it stood before
 * @throws {PayoutConflictError} after eight lost races; nothing was written then.
 */
export async function settle(
  deps: SettleDeps,
  transactionId: string,
  fact: Fact,
  known?: Payout,
  isMoot: (payout: Payout) => boolean = () => false,
): Promise<Settled> {
  let refused: Written | undefined;
  let spared = known && applyFact(known, fact).isChanged ? known : undefined;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const payout = spared ?? (await deps.store.read(transactionId));
    spared = undefined;
    if (!payout) return { outcome: 'no-such-payout' };
    if (isMoot(payout)) return { outcome: 'known', payout, doorbell: 'none' };
    const applied = applyFact(payout, fact);
    // The SDK repeats a write whose answer was lost, and is then refused by its own first one: that write is ours to report.
    const ours = refused?.after.revision === payout.revision && !applied.isOutrun ? refused : undefined;
    if (!applied.isChanged && ours) return finish(deps, fact, ours);
    if (!applied.isChanged) return { outcome: 'known', payout, doorbell: await ringAgain(deps, payout) };
    const write = { before: payout, after: applied.payout };
    const { written, taskToken } = await deps.store.replace(write.before, write.after);
    if (written) return finish(deps, fact, { ...write, taskToken });
    refused = { ...write, taskToken: payout.task_token };
  }
  throw new PayoutConflictError(`${transactionId} was written by others ${TRIES_MAX} times in a row.`);
}

type Written = { readonly before: Payout; readonly after: Payout; readonly taskToken: string | undefined };

type Doorbell = 'rung' | 'none' | 'failed';

async function finish(deps: SettleDeps, fact: Fact, { before, after, taskToken }: Written): Promise<Settled> {
  report(deps, before, after, fact);
  const doorbell = isFinal(after.status) ? await ring(deps, after.transaction_id, taskToken) : 'none';
  if (doorbell === 'failed' && taskToken !== undefined) await keepDoorbell(deps, after.transaction_id, taskToken);
  return { outcome: 'applied', payout: after, doorbell };
}

/** The record of a final payout holds a doorbell only where it could not be rung. */
async function ringAgain(deps: SettleDeps, { transaction_id, status, task_token }: Payout): Promise<Doorbell> {
  if (!isFinal(status) || task_token === undefined) return 'none';
  const doorbell = await ring(deps, transaction_id, task_token);
  if (doorbell === 'rung') await deps.store.dropDoorbell(transaction_id, task_token);
  return doorbell;
}

async function ring(deps: SettleDeps, transactionId: string, token: string | undefined): Promise<Doorbell> {
  if (token === undefined) return 'none';
  try {
    await deps.tokens.ring(token);
    return 'rung';
  } catch (error) {
    deps.metrics.count('DoorbellFailed');
    const keys = { transaction_id: transactionId, error: errorName(error) };
    deps.log.warn('The outcome is written, but the guard could not be told.', keys);
    return 'failed';
  }
}

async function keepDoorbell(deps: SettleDeps, transactionId: string, token: string): Promise<void> {
  try {
    await deps.store.keepDoorbell(transactionId, token);
  } catch (error) {
    const keys = { transaction_id: transactionId, error: errorName(error) };
    deps.log.warn('A doorbell could not be kept; the guard finds out at the end of its wait.', keys);
  }
}

function report(deps: SettleDeps, before: Payout, after: Payout, fact: Fact): void {
  const keys = { transaction_id: after.transaction_id, fact: fact.kind, source: fact.source, status: after.status };
  deps.log.info('A fact was applied.', keys);
  const metric = METRIC_OF_STATUS[after.status];
  if (metric && after.status !== before.status) deps.metrics.count(metric);
  if (after.status === 'Completed' && before.status !== 'Completed') measureCompletion(deps.metrics, after, fact);
  const isPartlyReturned = after.status !== 'Returned' && after.returned_cents !== before.returned_cents;
  if (isPartlyReturned) deps.metrics.count('PayoutPartlyReturned');
  if (!after.conflict || before.conflict) return;
  deps.metrics.count('PayoutConflict');
  deps.log.error('Facts about this payout contradict each other: a person has to look.', keys);
}

/** How much, which way and after how long, for people who look at the business. A rebuilt record does not know it, and is left out. */
function measureCompletion(metrics: Metrics, payout: Payout, fact: Fact): void {
  const { amount_cents: amountCents, payout_method: method, created_at: createdAt } = payout;
  if (amountCents === undefined || method === undefined) return;
  metrics.measure(`${method}CompletedCents`, amountCents);
  // The clock of whoever observed it may be a little behind the one that recorded the payout.
  metrics.measure('CompletedAfterMs', Math.max(0, Date.parse(fact.observed_at) - Date.parse(createdAt)));
}
