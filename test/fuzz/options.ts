import { parseArgs } from 'node:util';

export type FuzzOptions = { readonly runs: number; readonly seed: number };

export const USAGE = 'npm run fuzz:webhooks -- [--runs 20000] [--seed N]';

const RUNS_MAX = 1_000_000;
/** fast-check takes its seeds as signed numbers of 32 bits. */
const SEED_MAX = 0x7fff_ffff;

/** What is wrong with the command line, in words for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): FuzzOptions {
  const { runs, seed } = parsed(args);
  return {
    runs: wholeNumber('--runs', runs, 1, RUNS_MAX),
    seed: seed === undefined ? Math.floor(Math.random() * SEED_MAX) : wholeNumber('--seed', seed, 0, SEED_MAX),
  };
}

function parsed(args: readonly string[]) {
  try {
    const options = { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} is a whole number from ${min} to ${max}, and not ${text}`);
}
