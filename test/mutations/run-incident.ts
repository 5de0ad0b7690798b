import type { Payout } from '../../domain/payout.ts';
import { chanceOf } from '../simulation/chance.ts';
import type { Choices } from '../simulation/choices.ts';
import type { Deployment } from '../simulation/deployment.ts';
import type { Visits } from '../simulation/state-machines/coverage.ts';
import { createWorld, type WorldEnd } from '../simulation/world.ts';
import { Account } from './account.ts';

/** A run in which something certain goes wrong, and what it has to come to, down to each call and each count. */
export type Incident = {
  readonly name: string;
  /** What is left to chance is left to this. */
  readonly seed: number;
  readonly payouts: readonly number[];
  readonly resubmission: 'never' | 'after-quiet-period';
  /** What is recorded before the first request. */
  readonly records?: readonly Payout[];
  /** What happens, by the label of the point: each time, or the first time, the second (nothing where empty), and then no more. */
  readonly does: Readonly<Record<string, string | readonly string[]>>;
  readonly comesTo: Outcome;
};

export type Outcome = {
  readonly answers: string;
  readonly calls: string;
  readonly counted: string;
  readonly records: string;
  readonly controls: string;
  readonly reasons: string;
  /** How each guard ended. */
  readonly guards: string;
  /** What clients were told. */
  readonly says: string;
  /** What people were told. */
  readonly told: string;
};

export type IncidentEnd = { readonly ended: WorldEnd; readonly outcome: Outcome };

export async function runIncident(
  deployment: Deployment,
  { seed, payouts, resubmission, records: recorded, does }: Omit<Incident, 'comesTo'>,
  visits: Visits = new Map(),
): Promise<IncidentEnd> {
  const settings = { profile: 'dedupes', resubmission, payouts, lostWebhooks: 0 } as const;
  const account = new Account(() => Date.now());
  const choices = choicesOf(seed, does);
  const ended = await createWorld({
    deployment,
    settings,
    choices,
    records: recorded,
    visits,
    ...account.watching,
  }).run();
  const { calls, counted, records, controls, reasons, guards, says, told } = account;
  const answers = ended.answers.toSorted().join(', ');
  return { ended, outcome: { answers, calls, counted, records, controls, reasons, guards, says, told } };
}

function choicesOf(seed: number, does: Incident['does']): Choices {
  const times = new Map<string, number>();
  return {
    chance: chanceOf(seed),
    fault({ label }) {
      const kinds = does[label];
      if (kinds === undefined || typeof kinds === 'string') return kinds;
      const time = times.get(label) ?? 0;
      times.set(label, time + 1);
      return kinds[time] || undefined;
    },
  };
}

/** What an incident comes to and should not; undefined where all is as it should be. */
export function harmIn({ name, comesTo }: Incident, { outcome }: IncidentEnd): string | undefined {
  const differs = (Object.keys(comesTo) as (keyof Outcome)[]).find((what) => outcome[what] !== comesTo[what]);
  return differs && `${name}: ${differs} is "${outcome[differs]}", not "${comesTo[differs]}"`;
}
