import type { Proven } from './proofs.ts';

export type Report = {
  readonly seed: number;
  readonly runs: number;
  readonly elapsedMs: number;
  /** By what was proven and what was answered. */
  readonly answers: ReadonlyMap<Proven, ReadonlyMap<number, number>>;
  readonly payouts: number;
  readonly changedPayouts: number;
  /** Webhooks that were answered 500 or more at first, and were sent once more, as Monoova does. */
  readonly answeredAgain: number;
  readonly writesWithoutProof: number;
  readonly sentWithoutProofFirst: number;
  /** What must not be: empty, or the fuzz has failed. */
  readonly findings: readonly string[];
};

const FINDINGS_SHOWN_MAX = 20;

/** The share of webhooks with a valid proof, from 0 to 1. */
export function provenShare({ answers, runs }: Report): number {
  return (totalOf(answers.get('signed')) + totalOf(answers.get('bearer alone'))) / runs;
}

export function reportText(report: Report): string {
  const { answers, runs, elapsedMs, seed, payouts, changedPayouts, findings } = report;
  const statuses = [...new Set([...answers.values()].flatMap((row) => [...row.keys()]))].toSorted((a, b) => a - b);
  const rows = [...answers].map(([proven, row]) => [
    proven,
    totalOf(row),
    ...statuses.map((status) => row.get(status) ?? 0),
  ]);
  const lines = [['', 'sent', ...statuses], ...rows].map(([name, ...cells]) =>
    [String(name).padEnd(20), ...cells.map((cell) => String(cell).padStart(7))].join(''),
  );
  return [
    ...lines,
    '',
    `${runs} webhooks in ${(elapsedMs / 1000).toFixed(0)} s (${((runs / elapsedMs) * 1000).toFixed(0)} a second), ` +
      `${(provenShare(report) * 100).toFixed(1)} % with a valid proof; seed ${seed}.`,
    `${report.answeredAgain} were answered 500 or more at first, and sent once more.`,
    `${report.sentWithoutProofFirst} without a proof went first: ${report.writesWithoutProof} writes followed.`,
    `${changedPayouts} of ${payouts} payouts were changed by proven ones.`,
    ...findings.slice(0, FINDINGS_SHOWN_MAX).map((finding) => `FOUND: ${finding}`),
    findings.length === 0
      ? 'Nothing was found.'
      : `${findings.length} findings. Again: npm run fuzz:webhooks -- --runs ${runs} --seed ${seed}`,
  ].join('\n');
}

function totalOf(row: ReadonlyMap<number, number> | undefined): number {
  return [...(row?.values() ?? [])].reduce((sum, count) => sum + count, 0);
}
