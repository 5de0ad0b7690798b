import type { Item } from '../simulation/database/stored-value.ts';
import type { Point } from './execution.ts';
import type { Interned } from './interned.ts';
import type { Invocation } from './invocation.ts';
import { TRANSACTION_ID } from './request.ts';
import type { Truth } from './truth.ts';

/** Every item of every table, by table and key. */
export type Store = { readonly [tableAndKey: string]: Item };

export type Process =
  /** A request that has not arrived. */
  | { readonly kind: 'request'; readonly name: string }
  | MachineProcess
  /** The guard after its end: its name stays taken. */
  | { readonly kind: 'closed'; readonly name: string; readonly status: string; readonly error: string | undefined }
  | LambdaProcess;

export type MachineProcess = {
  readonly kind: 'machine';
  readonly name: string;
  readonly machine: 'submission' | 'settlement';
  readonly point: Interned<Point>;
  /** Functions invoked so far, so that each attempt has a name of its own. */
  readonly invocations: number;
};

export type LambdaProcess = {
  readonly kind: 'lambda';
  readonly name: string;
  /** The execution that waits for its answer; undefined where nobody does. */
  readonly owner: string | undefined;
  readonly startedMs: number;
  readonly invocation: Invocation;
};

/** One state of the whole system, between two steps. */
export type State = {
  readonly nowMs: number;
  /** What may still go wrong. */
  readonly lostAnswers: number;
  readonly crashes: number;
  readonly delays: number;
  readonly store: Interned<Store>;
  readonly truth: Interned<Truth>;
  /** Sorted by name, so that equal states look alike. */
  readonly processes: readonly Interned<Process>[];
};

export function keyOf({ nowMs, lostAnswers, crashes, delays, store, truth, processes }: State): string {
  return `${nowMs},${lostAnswers},${crashes},${delays},${store.id},${truth.id},${processes.map(({ id }) => id).join()}`;
}

export function keyOfProcess(process: Process): string {
  switch (process.kind) {
    case 'request':
      return process.name;
    case 'machine':
      return `${process.name} at ${process.point.id} after ${process.invocations}`;
    case 'closed':
      return `${process.name} ${process.status} ${process.error}`;
    case 'lambda':
      return `${process.name} for ${process.owner} since ${process.startedMs} at ${process.invocation.id}`;
  }
}

/** What is asked of the payout's record; undefined where there is none. */
export type PayoutRecord = {
  readonly status: string;
  readonly revision: number;
  readonly posts: number;
  readonly history: readonly { readonly kind: string; readonly source: string }[];
  readonly received?: true;
  readonly conflict?: boolean;
  readonly escalated?: boolean;
  readonly task_token?: string;
  readonly destination_ciphertext?: string;
  readonly open?: string;
};

export function itemName(table: string, key: string): string {
  return `${table} ${key}`;
}

export function recordIn({ value: store }: Interned<Store>): PayoutRecord | undefined {
  return store[PAYOUT_ITEM] as PayoutRecord | undefined;
}

const PAYOUT_ITEM = itemName('payouts-dev-transactions', TRANSACTION_ID);
