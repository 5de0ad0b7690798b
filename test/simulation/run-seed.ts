import { chanceOf } from './chance.ts';
import { scriptedChoices, seededChoices } from './choices.ts';
import type { Fault } from './faults.ts';
import { createWorld, type WorldEnd, type WorldOptions, type WorldSettings } from './world.ts';

export type SeedOptions = Omit<WorldOptions, 'choices' | 'settings'> & {
  readonly settings: Omit<WorldSettings, 'lostWebhooks'>;
  /** Exactly these faults, in place of those that the seed draws. */
  readonly faults?: readonly Fault[] | undefined;
};

const LOST_SHARES = [0, 0.5, 1] as const;

/** The share of webhooks that a run loses: a third of all runs loses none, a third a half, a third all. */
export function lostWebhooksOf(seed: number): number {
  return LOST_SHARES[Math.floor(chanceOf(seed).unit('lost webhooks') * LOST_SHARES.length)] ?? 0;
}

/** Runs one seed from its first request until nothing is left to happen. */
export function runSeed(seed: number, { faults, settings, ...options }: SeedOptions): Promise<WorldEnd> {
  const choices = faults ? scriptedChoices(seed, faults) : seededChoices(seed);
  return createWorld({ ...options, choices, settings: { ...settings, lostWebhooks: lostWebhooksOf(seed) } }).run();
}
