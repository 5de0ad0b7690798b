import type { CreateStateMachineInput } from '../../local/step-functions/state-machines.ts';
import type { Item } from './database/stored-value.ts';
import type { Surroundings } from './surroundings.ts';

/** What was counted before the run began, so that it is a payout or two to the limit; nothing in most runs. */
export class DailyLimits {
  readonly #day: string;
  readonly #limits: Limits;
  readonly #usedCents: { customer?: number; stage?: number } = {};
  readonly #recordedCents = new Map<string, number>();

  /** @param day in Sydney, on which the run begins */
  constructor({ gate, chance }: Surroundings, machines: readonly CreateStateMachineInput[], day: string) {
    this.#day = day;
    this.#limits = limitsOf(machines);
    const kinds = ['customer', 'stage'] as const;
    const point = {
      name: 'limit nearly used',
      label: 'a daily limit is nearly used up',
      service: 'client',
      rate: 0.06,
    };
    const nearly = gate.at({ ...point, kinds }) as (typeof kinds)[number] | undefined;
    if (nearly === undefined) return;
    const roomCents = Math.round(chance.spread('limit leaves room', 1_000, 20_000));
    this.#usedCents[nearly] = this.#limits[nearly] - roomCents;
  }

  /** The counters as they stand when the run begins. */
  items(customerIds: readonly string[]): Item[] {
    const { customer, stage } = this.#usedCents;
    const items: Item[] = [];
    if (stage !== undefined) items.push({ id: `limit#${this.#day}`, total_cents: stage });
    if (customer === undefined) return items;
    const ids = customerIds.map((id) => `limit#${this.#day}#customer#${id}`);
    return [...items, ...ids.map((id) => ({ id, total_cents: customer }))];
  }

  /** Why a counter holds less than what was recorded on its day: then more may be paid than the limit. Too much is allowed for. */
  tooLittleIn({ id, total_cents }: Item): string | undefined {
    const customerId = this.#customerOf(id);
    if (customerId === undefined) return undefined;
    const leastCents = this.#usedBy(customerId) + (this.#recordedCents.get(customerId) ?? 0);
    return Number(total_cents) < leastCents ? `${id} holds ${total_cents}, and ${leastCents} are used` : undefined;
  }

  /** What the counters hold beyond what the run began with, by their ids. */
  countedBy(items: readonly Item[]): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const { id, total_cents } of items) {
      const customerId = this.#customerOf(id);
      if (customerId !== undefined) counted[String(id)] = Number(total_cents) - this.#usedBy(customerId);
    }
    return counted;
  }

  /** Whose counter of the run's first day an item is; an empty one is the stage's. */
  #customerOf(id: unknown): string | undefined {
    const [kind, day, , customerId = ''] = String(id).split('#');
    return kind === 'limit' && day === this.#day ? customerId : undefined;
  }

  #usedBy(customerId: string): number {
    return (customerId === '' ? this.#usedCents.stage : this.#usedCents.customer) ?? 0;
  }

  /** Counts a new record. What is over a limit with it, if anything is. One that is rebuilt was counted when it was recorded first. */
  brokenBy({ customer_id, amount_cents, created_day, rebuilt_at }: Item): string | undefined {
    if (created_day !== this.#day || rebuilt_at !== undefined) return undefined;
    const add = (key: string) => {
      const sum = (this.#recordedCents.get(key) ?? 0) + Number(amount_cents);
      this.#recordedCents.set(key, sum);
      return sum;
    };
    const { customer = 0, stage = 0 } = this.#usedCents;
    if (customer + add(String(customer_id)) > this.#limits.customer) return `the limit of ${customer_id}`;
    return stage + add('') > this.#limits.stage ? "the stage's limit" : undefined;
  }
}

type Limits = Readonly<Record<'customer' | 'stage', number>>;
/** Read once for each set of machines: thousands of runs share one. */
const known = new WeakMap<readonly CreateStateMachineInput[], Limits>();

function limitsOf(machines: readonly CreateStateMachineInput[]): Limits {
  const read = known.get(machines);
  if (read) return read;
  const limits = { customer: limitOf(machines, 'TakeCustomerLimit'), stage: limitOf(machines, 'TakeStageLimit') };
  known.set(machines, limits);
  return limits;
}

/** The limit stands in the condition of the state that takes it, as a number of the stage. */
function limitOf(machines: readonly CreateStateMachineInput[], state: string): number {
  for (const { definition } of machines) {
    const { States } = JSON.parse(definition) as { readonly States: Readonly<Record<string, unknown>> };
    const [, cents] = /(\d+) - \$request\.amount_cents/.exec(JSON.stringify(States[state] ?? '')) ?? [];
    if (cents !== undefined) return Number(cents);
  }
  throw new Error(`No machine has a limit in a state ${state}`);
}
