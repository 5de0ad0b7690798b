import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResubmissionMode } from '../../domain/submission-rule.ts';
import type { Fault } from './faults.ts';
import type { Profile } from './monoova/bank.ts';

/** A run that once broke something, made as small as it gets. */
export type KeptFinding = {
  readonly name: string;
  readonly invariant: string;
  readonly seed: number;
  readonly profile: Profile;
  readonly resubmission: ResubmissionMode;
  readonly payouts?: readonly number[] | undefined;
  readonly faults: readonly Fault[];
};

/** Runs that must never break anything again: a test runs each of them. */
const REGRESSIONS = fileURLToPath(new URL('regressions.json', import.meta.url));
/** Runs that break what is expected to break, to be looked at. */
const EXPECTED = fileURLToPath(new URL('../../.local/simulation/expected.json', import.meta.url));

export function readRegressions(): readonly KeptFinding[] {
  return read(REGRESSIONS);
}

export function findKept(name: string): KeptFinding | undefined {
  return [...read(REGRESSIONS), ...read(EXPECTED)].find((finding) => finding.name === name);
}

/** @returns it with the name by which it can be repeated */
export function keep(finding: Omit<KeptFinding, 'name'>, isExpected: boolean): KeptFinding {
  const file = isExpected ? EXPECTED : REGRESSIONS;
  const name = `${finding.invariant.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${finding.seed}`;
  const others = read(file).filter((other) => other.name !== name);
  mkdirSync(dirname(file), { recursive: true });
  const kept = { name, ...finding };
  writeFileSync(file, `${JSON.stringify([...others, kept], null, 2)}\n`);
  return kept;
}

function read(file: string): readonly KeptFinding[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly KeptFinding[]) : [];
}
