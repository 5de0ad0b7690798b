import { KINDS, type Kind, type Mutant } from './mutant.ts';
import type { Tried } from './pool.ts';
import { reasonOf } from './survivors.ts';

export type Outcome = Tried & {
  /** Undefined where nothing is listed about it. */
  readonly reason: string | undefined;
  /** True where it was noticed and is not listed, or the other way round. */
  readonly isAsListed: boolean;
};

export function outcomesOf(tried: readonly Tried[]): Outcome[] {
  return tried.map((one) => {
    const reason = reasonOf(one.mutant.id);
    return { ...one, reason, isAsListed: (one.verdict.caughtBy !== undefined) === (reason === undefined) };
  });
}

/** The table, and what is not as listed. */
export function report(outcomes: readonly Outcome[], gone: readonly string[], elapsedMs: number): string {
  const checks = [...new Set(outcomes.flatMap(({ verdict }) => verdict.caughtBy ?? []))];
  const kinds = KINDS.filter((kind) => outcomes.some(({ mutant }) => mutant.kind === kind));
  const head = ['kind', 'mutants', ...checks, 'equivalent', 'not noticed', 'tries, median', 'most', 'seconds'];
  const rows = [...kinds, undefined].map((kind) => rowOf(kind, outcomes, checks));
  return [
    '',
    ...aligned([head, ...rows]),
    '',
    `${outcomes.length} mutants in ${(elapsedMs / 60_000).toFixed(1)} min.`,
    ...outcomes.filter(({ isAsListed }) => !isAsListed).map(complaint),
    ...gone.map((id) => `IS NO MUTANT ANY MORE, and is listed: ${id}`),
  ].join('\n');
}

function rowOf(kind: Kind | undefined, all: readonly Outcome[], checks: readonly string[]): string[] {
  const outcomes = all.filter(({ mutant }) => kind === undefined || mutant.kind === kind);
  const count = (test: (outcome: Outcome) => boolean) => String(outcomes.filter(test).length);
  const tries = outcomes
    .filter(({ verdict }) => verdict.caughtBy)
    .map(({ verdict }) => verdict.tries)
    .toSorted((one, other) => one - other);
  return [
    kind ?? 'all',
    String(outcomes.length),
    ...checks.map((check) => count(({ verdict }) => verdict.caughtBy === check)),
    count(({ verdict, reason }) => !verdict.caughtBy && reason !== undefined),
    count(({ verdict, reason }) => !verdict.caughtBy && reason === undefined),
    String(tries[Math.floor(tries.length / 2)] ?? '-'),
    String(tries.at(-1) ?? '-'),
    (outcomes.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1000).toFixed(0),
  ];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function complaint({ mutant, verdict, reason }: Outcome): string {
  return reason === undefined
    ? `NOTHING NOTICES ${describe(mutant)}`
    : `IS LISTED AS EQUIVALENT, and ${verdict.caughtBy} notices it (${verdict.words}): ${describe(mutant)}`;
}

function describe({ kind, id }: Mutant): string {
  return `${kind}: ${id}`;
}
