import { momentOfSydney, sydneyDayOf } from '../../../domain/sydney-day.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import type { Surroundings } from '../surroundings.ts';

export type MorningsDeps = {
  readonly around: Surroundings;
  /** Starts the reconciliation, named in the run. */
  readonly reconcile: (input: string, as: string) => ExecutionRecord;
};

/** As the template's schedule has it (infra/constructs/reconciliation-schedule.ts): every day in Sydney. */
const TIME_OF_DAY = '05:30:00';
const DAY_MS = 86_400_000;
/** A range that no reconciliation takes: its end lies before its beginning. */
const WRONG_DAYS = { from: '2026-11-24', to: '2026-11-20' } as const;
const WRONG_DAYS_RATE = 0.02;
const BEGINS_MS = { min: 1_000, max: 2 * DAY_MS } as const;
/** Reconciling costs as much as paying: most runs go without, unless something is left over. */
const DAILY_SHARE = 0.1;
const ASKED_FOR_RATE = 0.01;
const DAYS = 3;

/** Starts the reconciliation of yesterday, morning by morning. */
export class Mornings {
  readonly #deps: MorningsDeps;
  #count = 0;

  constructor(deps: MorningsDeps) {
    this.#deps = deps;
  }

  /** In some runs every morning for a few days, whatever else happens; in a few a person asks for what is refused. */
  begin(): void {
    const { chance, gate, time } = this.#deps.around;
    const point = { name: 'wrong days', label: 'a person asks for days', service: 'people', kinds: ['wrong'] };
    if (gate.at({ ...point, rate: WRONG_DAYS_RATE })) {
      const atMs = Math.round(chance.spread('wrong days', BEGINS_MS.min, BEGINS_MS.max));
      time.after(atMs, () => this.#deps.reconcile(JSON.stringify(WRONG_DAYS), 'wrong days'));
    }
    const daily = { name: 'every morning', label: 'reconciliation comes every morning', service: 'people' };
    const isDaily = gate.at({ ...daily, kinds: ['asked for'], rate: ASKED_FOR_RATE }) !== undefined;
    if (!isDaily && chance.unit('every morning') >= DAILY_SHARE) return;
    for (let days = 0; days < DAYS; days++) this.#at(days);
  }

  /** The next morning, once nothing else is left to happen. */
  next(): void {
    this.#at(0);
  }

  /** @param days after the next half past five */
  #at(days: number): void {
    const { time, trace } = this.#deps.around;
    const nowMs = time.nowMs();
    const today = momentOfSydney(`${sydneyDayOf(nowMs)}T${TIME_OF_DAY}`) ?? nowMs;
    const nextMs = (today > nowMs ? today : today + DAY_MS) + days * DAY_MS;
    time.after(nextMs - nowMs, () => {
      this.#count += 1;
      const name = `morning ${this.#count}`;
      trace.note(name, () => 'reconciliation begins');
      this.#deps.reconcile('{}', name);
    });
  }
}
