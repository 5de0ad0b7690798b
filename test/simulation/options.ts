import { parseArgs } from 'node:util';
import { RESUBMISSION_MODES, type ResubmissionMode } from '../../domain/submission-rule.ts';
import { PROFILES, type Profile } from './monoova/bank.ts';

export type SimulationOptions = {
  readonly runs: number;
  /** Of the first run; each further run has the next number. */
  readonly seed: number;
  readonly profile: Profile;
  readonly resubmission: ResubmissionMode;
  readonly jobs: number;
  /** A kept finding to repeat, by its name. */
  readonly repeat: string | undefined;
};

export const USAGE = `npm run simulate -- [--runs 1000] [--seed N] [--profile ${PROFILES.join('|')}] [--resubmission ${RESUBMISSION_MODES.join('|')}] [--jobs 2]
npm run simulate -- --repeat NAME      a finding that was kept, as a timeline`;

const SEEDS = 0x1_0000_0000;
const JOBS_MAX = 64;

/** What is wrong with the command line, in words for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): SimulationOptions {
  const { values } = parsed(args);
  return {
    runs: wholeNumber('--runs', values.runs, 1, 10_000_000),
    seed: values.seed === undefined ? Math.floor(Math.random() * SEEDS) : wholeNumber('--seed', values.seed, 0, SEEDS),
    profile: oneOf('--profile', values.profile, PROFILES),
    resubmission: oneOf('--resubmission', values.resubmission, RESUBMISSION_MODES),
    jobs: wholeNumber('--jobs', values.jobs, 1, JOBS_MAX),
    repeat: values.repeat,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '1000' },
        seed: { type: 'string' },
        profile: { type: 'string', default: 'dedupes' },
        resubmission: { type: 'string', default: 'after-quiet-period' },
        jobs: { type: 'string', default: '2' },
        repeat: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} is a whole number from ${min} to ${max}, and not ${text}`);
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`${name} is ${known.join(' or ')}, and not ${text}`);
}
