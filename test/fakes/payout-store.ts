import { GUARDS_MAX } from '../../domain/guard.ts';
import { isFinal, type Payout } from '../../domain/payout.ts';
import type { PayoutStore } from '../../functions/shared/ports.ts';

/**
 * Payouts in memory with the same conditions as the table (test/functions/adapters/payout-store.test.ts holds both to one
 * contract). `hangDoorbell` is what the guard's AwaitOutcome does.
 */
export function createFakePayoutStore(...payouts: Payout[]) {
  const rows = new Map(payouts.map((payout) => [payout.transaction_id, payout]));
  const store: PayoutStore & { add(payout: Payout): void; hangDoorbell(transactionId: string, token: string): void } = {
    add: (payout) => void rows.set(payout.transaction_id, payout),
    async read(transactionId) {
      const row = rows.get(transactionId);
      return row && structuredClone(row);
    },
    async replace(previous, next) {
      const row = rows.get(previous.transaction_id);
      if (!row || row.revision !== previous.revision) return { written: false };
      const { task_token } = row;
      const { task_token: _token, guards: _guards, ...changed } = next;
      const written = row.guards === undefined ? changed : { ...changed, guards: row.guards };
      const keepsDoorbell = task_token !== undefined && !isFinal(next.status);
      rows.set(next.transaction_id, structuredClone(keepsDoorbell ? { ...written, task_token } : written));
      return task_token === undefined ? { written: true } : { written: true, taskToken: task_token };
    },
    async keepDoorbell(transactionId, token) {
      const row = rows.get(transactionId);
      if (row && isFinal(row.status)) rows.set(transactionId, { task_token: token, ...row });
    },
    async dropDoorbell(transactionId, token) {
      const row = rows.get(transactionId);
      if (row?.task_token !== token) return;
      const { task_token: _dropped, ...rest } = row;
      rows.set(transactionId, rest);
    },
    async raiseFence(previous, fenced, nowMs) {
      const row = rows.get(previous.transaction_id);
      if (row?.status !== 'Pending' || row.revision !== previous.revision) return false;
      if (row.posting_until !== undefined && Date.parse(row.posting_until) > nowMs) return false;
      rows.set(fenced.transaction_id, structuredClone(fenced));
      return true;
    },
    async claimGuard({ transaction_id, guards = 1 }) {
      const row = rows.get(transaction_id);
      const number = guards + 1;
      if (row?.status !== 'Pending' || number > GUARDS_MAX) return undefined;
      if (row.guards !== undefined && row.guards >= number) return row.guards;
      rows.set(transaction_id, { ...row, guards: number });
      return number;
    },
    async list({ customerId, status, limit }) {
      const found = [...rows.values()].filter((row) => row.customer_id === customerId);
      return { payouts: found.filter((row) => status === undefined || row.status === status).slice(0, limit) };
    },
    hangDoorbell(transactionId, token) {
      const row = rows.get(transactionId);
      if (row) rows.set(transactionId, { ...row, task_token: token });
    },
  };
  return store;
}
