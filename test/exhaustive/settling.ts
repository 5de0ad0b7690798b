import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../domain/fact.ts';
import { applyFact, type Payout } from '../../domain/payout.ts';
import { raiseFence } from '../../domain/submission-rule.ts';
import { createPayoutStore } from '../../functions/adapters/payout-store.ts';
import type { PayoutStore } from '../../functions/shared/ports.ts';
import { type Settled, settle } from '../../functions/shared/settle.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../builders/payout.ts';
import type { Item } from '../simulation/database/stored-value.ts';
import { openTable, TABLE } from './documents.ts';

/**
 * One fact is told, and others write between its read and its write: whatever they do, the fact is in the record at the end, and is counted
 * and rung for once where this very telling wrote it, and not where another did.
 */

const POSTED_AT = '2026-11-23T00:00:00.000Z';
const OPEN = aPayout({ revision: 3, posts: 1, last_posted_at: POSTED_AT, task_token: 'token-1' });
const COMPLETED = aFact({ kind: 'completed', monoova_transaction_id: 1_001 });
const ACCEPTED = aFact({ kind: 'accepted', source: 'submission', detail: 'Pending' });
const REJECTED = aFact({ kind: 'rejected', source: 'operator', by: 'arn', evidence: 'e', last_posted_at: POSTED_AT });
const FAILED: Fact = { ...REJECTED, kind: 'failed' };

type Other = Fact | 'a fence' | 'the record is lost';
type Case = {
  readonly name: string;
  readonly fact: Fact;
  /** What others write in between, in this order. */
  readonly others: readonly Other[];
  /** The write is done, and the SDK repeats it since its answer was lost; then the others write. */
  readonly isAnswerLost?: boolean;
  readonly outcome: Settled['outcome'];
  readonly counted: readonly string[];
  readonly rings: number;
};

const BY_OTHERS = { outcome: 'known', counted: [], rings: 0 } as const;

const CASES: readonly Case[] = [
  { name: 'alone', fact: COMPLETED, others: [], outcome: 'applied', counted: ['PayoutCompleted'], rings: 1 },
  {
    name: 'behind another fact',
    fact: COMPLETED,
    others: [ACCEPTED],
    outcome: 'applied',
    counted: ['PayoutCompleted'],
    rings: 1,
  },
  {
    name: 'its answer is lost',
    fact: COMPLETED,
    others: [],
    isAnswerLost: true,
    outcome: 'applied',
    counted: ['PayoutCompleted'],
    rings: 1,
  },
  { name: 'told by another, behind a third', fact: COMPLETED, others: [ACCEPTED, COMPLETED], ...BY_OTHERS },
  { name: 'a payment begins while a person says Failed', fact: FAILED, others: ['a fence'], ...BY_OTHERS },
  { name: 'a payment begins while a person says Rejected', fact: REJECTED, others: ['a fence'], ...BY_OTHERS },
  {
    name: 'a person says Failed of what has just been accepted',
    fact: FAILED,
    others: [ACCEPTED],
    outcome: 'applied',
    counted: ['PayoutFailed'],
    rings: 1,
  },
  {
    name: 'the record is lost',
    fact: COMPLETED,
    others: ['the record is lost'],
    outcome: 'no-such-payout',
    counted: [],
    rings: 0,
  },
];

export type Settling = { readonly cases: number; readonly broken: string | undefined };

/** @returns after how many cases something is broken, and what */
export async function settleAll(): Promise<Settling> {
  let cases = 0;
  for (const one of CASES) {
    // Who has just read the record is spared a read, and told the same.
    for (const known of [undefined, OPEN]) {
      cases += 1;
      const broken = await brokenBy(one, known);
      if (broken !== undefined)
        return { cases, broken: `${one.name}, ${known ? 'read before' : 'to be read'}: ${broken}` };
    }
  }
  return { cases, broken: undefined };
}

async function brokenBy(one: Case, known: Payout | undefined): Promise<string | undefined> {
  const { table, client } = openTable('transaction_id');
  table.write(TRANSACTION_ID, OPEN as unknown as Item, 0);
  const store = createPayoutStore(client, TABLE);
  const [counted, rings]: [string[], string[]] = [[], []];
  let writes = 0;
  const between = async () => {
    for (const other of one.others) await write(store, other, () => table.write(TRANSACTION_ID, undefined, 0));
  };
  const disturbed: PayoutStore = {
    ...store,
    async replace(previous, next) {
      writes += 1;
      if (writes === 1 && one.isAnswerLost) await store.replace(previous, next);
      if (writes === 1) await between();
      return store.replace(previous, next);
    },
  };
  const settled = await settle(
    {
      store: disturbed,
      tokens: { ring: async (token) => void rings.push(token) },
      metrics: { count: (metric) => void counted.push(metric), measure: () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
    TRANSACTION_ID,
    one.fact,
    known,
  );
  const told = { outcome: settled.outcome, counted, rings: rings.length };
  const expected = { outcome: one.outcome, counted: one.counted, rings: one.rings };
  if (!isDeepStrictEqual(told, expected)) return `${JSON.stringify(told)}, not ${JSON.stringify(expected)}`;
  const stored = await store.read(TRANSACTION_ID);
  if (settled.outcome === 'no-such-payout' || !stored) return stored ? 'it is there' : undefined;
  if (!isDeepStrictEqual(settled.payout, stored)) return `it is told as revision ${settled.payout.revision}`;
  const applied = applyFact(stored, one.fact);
  return applied.isChanged && !applied.isOutrun ? 'the fact is not in the record' : undefined;
}

async function write(store: PayoutStore, other: Other, lose: () => void): Promise<void> {
  if (other === 'the record is lost') return lose();
  const found = await store.read(TRANSACTION_ID);
  if (!found) return;
  const nowMs = Date.parse(POSTED_AT) + 60_000;
  if (other === 'a fence') await store.raiseFence(found, raiseFence(found, 'attempt-2', nowMs, nowMs + 20_000), nowMs);
  else await store.replace(found, applyFact(found, other).payout);
}
