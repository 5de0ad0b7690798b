import { isFinal, type PayoutStatus, STATUSES } from '../../domain/payout.ts';
import { isGuarded } from './guards.ts';
import { START_MS } from './instants.ts';
import type { Kernel } from './kernel.ts';
import { type PayoutRecord, recordIn, type State } from './state.ts';

/** Facts that can carry a final status. */
const PROOFS: Readonly<Record<string, readonly string[]>> = {
  Failed: ['declined', 'patience-ended'],
  Rejected: ['rejected'],
  Completed: ['completed'],
};

/** The promise that this step broke, in words; undefined where all are kept. */
export function brokenPromise(kernel: Kernel, before: State, after: State): string | undefined {
  const record = recordIn(after.store);
  return (
    brokenByPayments(after, record) ??
    brokenByRecord(recordIn(before.store), record) ??
    (after.nowMs > before.nowMs ? brokenByWaiting(kernel, before) : undefined) ??
    (isQuiet(after) ? brokenAtTheEnd(kernel, after, record) : undefined)
  );
}

function brokenByPayments({ truth }: State, record: PayoutRecord | undefined): string | undefined {
  const { payments, underway } = truth.value;
  if (payments.length > 1) return `PAID TWICE: Monoova has taken the money ${payments.length} times`;
  const mayHaveArrived = payments.length + underway > 0;
  if (!mayHaveArrived) return undefined;
  if (!record) return 'money may have moved, and nothing is recorded';
  if (record.status === 'Failed') return 'the payout is Failed, and money has moved or may still move';
  return record.posts < 1 ? 'a POST that may have arrived is not counted' : undefined;
}

function brokenByRecord(before: PayoutRecord | undefined, after: PayoutRecord | undefined): string | undefined {
  if (before && !after) return 'the record has vanished';
  if (!after) return undefined;
  if (before && rankOf(after) < rankOf(before)) return `the status falls from ${before.status} to ${after.status}`;
  if (before && after.revision < before.revision) return 'the revision falls';
  if (before && after.history.length < before.history.length) return 'a fact has vanished from the history';
  if (!isFinalRecord(after)) return undefined;
  const isExplained = after.history.some(({ kind }) => PROOFS[after.status]?.includes(kind));
  return isExplained ? undefined : `the history does not explain ${after.status}`;
}

/** Without a fault, nobody waits for what is known: whoever wrote the outcome has rung. */
function brokenByWaiting({ scope }: Kernel, state: State): string | undefined {
  const { lostAnswers, crashes, delays, processes, store } = state;
  if (lostAnswers < scope.lostAnswers || crashes < scope.crashes || delays < scope.delays) return undefined;
  const record = recordIn(store);
  if (!record || !isFinalRecord(record)) return undefined;
  if (processes.some(({ value }) => value.kind === 'lambda')) return undefined;
  // Each guard hangs its own doorbell over the other's: of two, one has to wait.
  if (scope.guards > 1 || !isGuarded(state)) return undefined;
  return 'the outcome is written, nothing went wrong, and the guard still waits';
}

/** Nothing of ours is under way any more. */
export function isQuiet({ processes }: State): boolean {
  return processes.every(({ value }) => value.kind !== 'machine' && value.kind !== 'lambda');
}

function brokenAtTheEnd(kernel: Kernel, state: State, record: PayoutRecord | undefined): string | undefined {
  const guards = closedGuards(state);
  if (!record) return guards.length > 0 ? 'there is a guard, and no record' : undefined;
  const failed = guards.find(({ status, error }) => status !== 'SUCCEEDED' && error !== ESCALATED);
  if (failed) return `${failed.name} ends as ${failed.status} (${failed.error})`;
  if (isFinalRecord(record)) return brokenOutcome(kernel, state, record);
  if (guards.length === 0) return undefined;
  if (guards.some(({ status }) => status === 'SUCCEEDED')) return 'a guard has left an open payout, and told nobody';
  return isPatienceOver(kernel, state) ? undefined : 'a person was told before patience had ended';
}

const ESCALATED = 'PayoutEscalated';

function closedGuards({ processes }: State) {
  return processes.flatMap(({ value }) => (value.kind === 'closed' ? [value] : []));
}

function brokenOutcome({ scope }: Kernel, state: State, record: PayoutRecord): string | undefined {
  const { truth, lostAnswers, crashes, delays } = state;
  if (record.destination_ciphertext ?? record.open) {
    return 'a final record still holds its ciphertext or its mark of being open';
  }
  // A doorbell that could not be rung is kept for the next who learns of the outcome (functions/shared/settle.ts).
  const isFaultless = lostAnswers === scope.lostAnswers && crashes === scope.crashes && delays === scope.delays;
  if (isFaultless && record.task_token) return 'a final record still holds its token, and nothing went wrong';
  if (record.conflict) return 'a conflict, and no two tellers have contradicted each other';
  const [payment] = truth.value.payments;
  const really = payment === 'completed' ? 'Completed' : payment === 'rejected' ? 'Rejected' : undefined;
  if (payment === undefined)
    return record.status === 'Failed' ? undefined : `the payout is ${record.status}, and no money moved`;
  return record.status === really ? undefined : `the payout is ${record.status}, and Monoova's payment is ${payment}`;
}

function isPatienceOver({ instants, stage }: Kernel, { nowMs }: State): boolean {
  const perRound = instants.length / (stage.timers.settlementWaitsSeconds.length + 1);
  return nowMs >= (instants[instants.length - perRound] ?? START_MS);
}

/** How an end looks, for the count of ends. */
export function endOf(state: State): string {
  const record = recordIn(state.store);
  if (!record) return 'nothing recorded';
  if (isFinalRecord(record)) return record.status;
  return closedGuards(state).length > 0 ? 'Pending, a person was told' : OWNERLESS;
}

/** Recorded, never sent, and without a guard: the client's repeat or the reconciliation starts it. */
export const OWNERLESS = 'Pending, never sent, waits for a repeat or the reconciliation';

function isFinalRecord({ status }: PayoutRecord): boolean {
  return isFinal(status as PayoutStatus);
}

function rankOf({ status }: PayoutRecord): number {
  return STATUSES.indexOf(status as PayoutStatus);
}
