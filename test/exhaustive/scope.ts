import type { ResubmissionMode } from '../../domain/submission-rule.ts';
import { defineStage, STAGES, type Stage } from '../../infra/stages.ts';

/** What Monoova does with a reference that it has already: refuses it, or pays it again. */
export type Profile = 'dedupes' | 'never-dedupes';

/** What is explored: which actors there are, and how much may go wrong. */
export type Scope = {
  readonly name: string;
  readonly profile: Profile;
  readonly resubmission: ResubmissionMode;
  /** Requests with one key, 1 or 2. The second may arrive at any moment of the first round. */
  readonly requests: 1 | 2;
  /** The first submission was lost when its guard had been started, and nothing was sent. */
  readonly isLost: boolean;
  /** 2: a second guard may be started while the payout is open, as the reconciliation or a person starts one. */
  readonly guards: 1 | 2;
  /** Calls whose answer is lost, that are refused or that come late. */
  readonly lostAnswers: number;
  /** Functions that die, and submissions that are lost. */
  readonly crashes: number;
  /** How often time may pass to its next moment while a function is at work. */
  readonly delays: number;
  /** How often Monoova delivers each webhook at most. It may deliver none. */
  readonly deliveries: number;
  /** What Monoova does with a payment. */
  readonly answers: readonly MonoovaAnswer[];
  /** How a payment may end. */
  readonly endings: readonly Ending[];
};

export type MonoovaAnswer = 'Ok' | 'Pending' | 'decline';
export type Ending = 'completed' | 'rejected';

const HOUR_SECONDS = 3_600;
/** As few waits as the stage's own rules allow: `after-quiet-period` needs three look-ups before it sends again, and one after. */
const WAITS_SECONDS: Readonly<Record<ResubmissionMode, readonly number[]>> = {
  never: [60, 36 * HOUR_SECONDS],
  'after-quiet-period': [60, 120, 300, 36 * HOUR_SECONDS],
};

/** The stage of a scope: dev, with fewer waits. Checked by the stage's own rules. */
export function stageOf({ resubmission }: Pick<Scope, 'resubmission'>): Stage {
  const { dev } = STAGES;
  const timers = { ...dev.timers, settlementWaitsSeconds: [...WAITS_SECONDS[resubmission]] };
  return defineStage({ ...dev, resubmission, timers });
}
