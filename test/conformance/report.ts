import type { Case } from './case.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { runCase } from './run-case.ts';
import type { Verdict } from './verdict.ts';

export type Outcome = { readonly given: Case; readonly verdict: Verdict };
type Counts = Record<Verdict['kind'], number>;

/** Plays every case, one after the other. */
export async function runCases(cases: readonly Case[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const given of cases) outcomes.push({ given, verdict: await runCase(given) });
  return outcomes;
}

/** The cases that differ and are not known to. Empty means that the run passes. */
export function unexplained(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(
    ({ given, verdict }) => verdict.kind === 'differed' && !Object.hasOwn(KNOWN_DIFFERENCES, given.id),
  );
}

/** A table of agreed, differed and refused by kind and by feature, each difference on a line, and what was refused why. */
export function renderReport(outcomes: readonly Outcome[]): string {
  return [
    ...table(
      'kind',
      countBy(outcomes, ({ kind }) => [kind]),
    ),
    '',
    ...table(
      'feature',
      countBy(outcomes, ({ features }) => features),
    ),
    '',
    ...table(
      '',
      countBy(outcomes, () => ['all']),
    ),
    ...section('Refused by name:', outcomes.flatMap(refusal)),
    ...section('Differs from AWS:', outcomes.flatMap(difference)),
    ...section('No longer differs; take it off the list of known differences:', outcomes.flatMap(stale)),
  ].join('\n');
}

function countBy(outcomes: readonly Outcome[], keysOf: (given: Case) => readonly string[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { given, verdict } of outcomes) {
    for (const key of keysOf(given)) {
      const count = counts.get(key) ?? { agreed: 0, differed: 0, refused: 0 };
      count[verdict.kind] += 1;
      counts.set(key, count);
    }
  }
  return counts;
}

function table(title: string, counts: Map<string, Counts>): string[] {
  const line = (name: string, ...cells: (string | number)[]) =>
    `${name.padEnd(24)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;
  const rows = [...counts].sort(([a], [b]) => a.localeCompare(b));
  const head = title === '' ? [] : [line(title, 'agreed', 'differed', 'refused')];
  return [...head, ...rows.map(([name, { agreed, differed, refused }]) => line(name, agreed, differed, refused))];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function refusal({ given, verdict }: Outcome): string[] {
  return verdict.kind === 'refused' ? [`  ${given.id}: ${verdict.reason.slice(0, 240)}`] : [];
}

function difference({ given, verdict }: Outcome): string[] {
  if (verdict.kind !== 'differed') return [];
  const known = KNOWN_DIFFERENCES[given.id];
  return verdict.differences.map((line) => `  ${given.id}: ${line}${known === undefined ? '' : ` [known: ${known}]`}`);
}

function stale({ given, verdict }: Outcome): string[] {
  return verdict.kind === 'agreed' && Object.hasOwn(KNOWN_DIFFERENCES, given.id) ? [`  ${given.id}`] : [];
}
