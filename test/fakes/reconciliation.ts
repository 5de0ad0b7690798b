import { GUARDS_MAX } from '../../domain/guard.ts';
import { comparedPayoutSchema, isFinal, type Payout } from '../../domain/payout.ts';
import { addDays, momentOfSydney } from '../../domain/sydney-day.ts';
import type { AskMonoova } from '../../functions/reconcile/gated-books.ts';
import type { ReconcileDeps } from '../../functions/reconcile/step.ts';
import type {
  BookedStatus,
  Guards,
  LookupResult,
  PayoutSweeps,
  SentWebhook,
  StatementLine,
  SweptPayout,
  SweptRange,
  Told,
} from '../../functions/shared/ports.ts';
import { createWorld } from './world.ts';

type Unlisted = Exclude<Told<object>, { kind: 'told' }>;

/** One day of Monoova's books. */
export type BooksOfDay = {
  readonly statuses?: readonly BookedStatus[] | Unlisted;
  readonly statement?: readonly StatementLine[] | Unlisted;
  readonly webhooks?: readonly SentWebhook[] | Unlisted;
  readonly unreadable?: number;
};

export const YOUNG_MS = 75_000;

/**
 * The surroundings of a reconciliation in memory. The index shows what the rows are, unless a test says what it showed last.
 * `happens` is called after each question to Monoova, as things go on meanwhile.
 */
export function createReconcileWorld(...payouts: readonly Payout[]) {
  const world = createWorld(...payouts);
  const ids = payouts.map(({ transaction_id }) => transaction_id);
  const state = {
    books: new Map<string, BooksOfDay>(),
    lookUps: new Map<string, LookupResult>(),
    asked: [] as string[],
    lookedUp: [] as string[],
    resent: [] as number[],
    refusesResend: undefined as Unlisted | undefined,
    index: undefined as readonly SweptPayout[] | undefined,
    guards: new Map<string, 'running' | 'ended'>(),
    started: [] as string[],
    happens: (async () => {}) as (question: string) => Promise<void>,
  };

  const told = async <Line>(question: string, lines: readonly Line[] | Unlisted = [], unreadable = 0) => {
    state.asked.push(question);
    await state.happens(question);
    return 'kind' in lines ? lines : { kind: 'told' as const, lines, unreadable };
  };
  const monoova: AskMonoova = {
    async statuses(from, to) {
      const days = [...state.books].filter(([day]) => day >= from && day <= to).map(([, books]) => books);
      const failed = days
        .map(({ statuses }) => statuses)
        .find((statuses) => statuses !== undefined && 'kind' in statuses);
      const lines = days.flatMap(({ statuses = [] }) => ('kind' in statuses ? [] : statuses));
      return told(`statuses ${from} ${to}`, failed ?? lines, days[0]?.unreadable);
    },
    statement: async (day) => told(`statement ${day}`, state.books.get(day)?.statement),
    async webhooks(day, { skip, take }) {
      const { webhooks = [], unreadable } = state.books.get(day) ?? {};
      const page = 'kind' in webhooks ? webhooks : webhooks.slice(skip, skip + take);
      return told(`webhooks ${day} ${skip}`, page, unreadable);
    },
    async resendWebhook(id) {
      state.resent.push(id);
      return state.refusesResend ?? { kind: 'told' };
    },
    async lookUp(reference) {
      state.lookedUp.push(reference);
      await state.happens(`look-up ${reference}`);
      return state.lookUps.get(reference) ?? { kind: 'not-found' };
    },
  };

  const rows = async () =>
    (await Promise.all(ids.map((id) => world.store.read(id)))).filter((row) => row !== undefined);
  const page = async (range: SweptRange, isMeant: (row: SweptPayout) => boolean) => {
    const meant = (state.index ?? (await rows()))
      .filter(isMeant)
      .toSorted((one, other) => (one.created_at < other.created_at ? -1 : 1));
    const start = meant.findIndex(({ transaction_id }) => transaction_id === range.after?.transaction_id) + 1;
    const shown = meant.slice(start, start + range.limit);
    return { payouts: shown, isEnd: start + range.limit >= meant.length };
  };
  const sweeps: PayoutSweeps = {
    open: (until, range) => page(range, ({ status, created_at }) => !isFinal(status) && created_at <= until),
    async ofDay(day, range) {
      const [start, end] = [day, addDays(day, 1)].map((from) =>
        new Date(momentOfSydney(`${from}T00:00:00`) ?? 0).toISOString(),
      );
      return page(range, ({ created_at }) => created_at >= String(start) && created_at < String(end));
    },
    async readMany(wanted) {
      const found = (await rows()).filter(({ transaction_id }) => wanted.includes(transaction_id));
      return new Map(found.map((row) => [row.transaction_id, comparedPayoutSchema.parse(row)]));
    },
    async record(payout) {
      if (await world.store.read(payout.transaction_id)) return false;
      world.store.add(payout);
      ids.push(payout.transaction_id);
      return true;
    },
  };
  const guards: Guards = {
    async start(id, number) {
      if (number > GUARDS_MAX) throw new Error(`There is no guard ${number}.`);
      const name = number === 1 ? id : `${id}-${number}`;
      const known = state.guards.get(name);
      if (known !== undefined) return known;
      state.guards.set(name, 'running');
      state.started.push(name);
      return 'started';
    },
  };
  const deps: ReconcileDeps = { ...world.deps, sweeps, guards, monoova, youngMs: YOUNG_MS };
  return { ...world, deps, state };
}
