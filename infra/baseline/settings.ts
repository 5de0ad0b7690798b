/**
 * What an account has once. Where your organisation already keeps the account's trail and configuration (a Control Tower landing zone
 * does), say `false` for what it keeps: an account and region can have only one recorder.
 */
export const BASELINE = {
  /** US dollars a month, each an alert. The plan's figures. */
  budgetAlertsUsd: [10, 25, 50],
  keepsTrail: true,
  recordsConfiguration: true,
  /** `false` where the account has GitHub's identity provider already: it can have one. */
  makesGitHubProvider: true,
} as const;

export type BaselineSettings = {
  readonly budgetAlertsUsd: readonly number[];
  readonly keepsTrail: boolean;
  readonly recordsConfiguration: boolean;
  readonly makesGitHubProvider: boolean;
};
