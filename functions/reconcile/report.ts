import {
  FINDING_CLASSES,
  FINDINGS,
  type FindingClass,
  type Report,
  type Run,
  reportOf,
  type Tally,
} from '../../domain/reconciliation.ts';
import type { MetricName } from '../shared/ports.ts';
import type { ReconcileDeps } from './step.ts';

const METRIC_OF_FINDING: Readonly<Record<FindingClass, MetricName>> = {
  'paid-twice': 'ReconciliationPaidTwice',
  conflict: 'ReconciliationConflict',
  orphan: 'ReconciliationOrphan',
  'unknown-at-monoova': 'ReconciliationUnknownAtMonoova',
  'status-differs': 'ReconciliationStatusDiffers',
  'status-unclear': 'ReconciliationStatusUnclear',
  escalated: 'ReconciliationEscalated',
  'guards-used-up': 'ReconciliationGuardsUsedUp',
  'webhook-failing': 'ReconciliationWebhookFailing',
  'not-found-yet': 'ReconciliationNotFoundYet',
  repaired: 'ReconciliationRepaired',
  noted: 'ReconciliationNoted',
  rebuilt: 'ReconciliationRebuilt',
  'guard-started': 'ReconciliationGuardStarted',
  'webhook-resent': 'ReconciliationWebhookResent',
};

export type Reported = {
  readonly report: Report;
  /** What a person is told. Ids and Monoova's words for a status; nothing of a payee. */
  readonly subject: string;
  readonly message: string;
};

/** Counts what was found, and puts it into words. A repeat counts again. */
export function closeRun(
  { metrics, log }: Pick<ReconcileDeps, 'metrics' | 'log'>,
  run: Run,
  tally: Tally,
  stage: string,
): Reported {
  const report = reportOf(run, tally);
  metrics.count('ReconciliationEnded');
  if (!report.is_complete) metrics.count('ReconciliationIncomplete');
  for (const what of FINDING_CLASSES) {
    const count = report.counts[what];
    if (count !== undefined) metrics.count(METRIC_OF_FINDING[what], count);
  }
  const { counts, checked, incomplete } = report;
  log.info('Reconciliation has ended.', { from: run.from, to: run.to, run: run.name, counts, checked, incomplete });
  return { report, ...wordsOf(report, stage) };
}

/** The message names so many of each class: enough to begin with, and short enough for a telephone. */
const NAMED_MAX = 5;

function wordsOf(report: Report, stage: string): Pick<Reported, 'subject' | 'message'> {
  const { from, to, name, incomplete } = report;
  const findings = FINDING_CLASSES.filter((what) => FINDINGS[what].needsPerson && report.counts[what] !== undefined);
  const left = incomplete.map((reason) => `Left out: ${reason}.`);
  const paragraphs = [
    `The reconciliation of ${from} to ${to} (stage ${stage}) needs a person.`,
    ...findings.map((what) => paragraphOf(report, what)),
    ...(left.length > 0
      ? [[...left, 'Next step: run it again for these days once the reason is gone.'].join('\n')]
      : []),
    `All of it: payouts --stage ${stage} reconcile --execution ${name}\nRunbook: docs/runbook.md, "Reconciliation needs a person".`,
  ];
  return { subject: `Reconciliation of ${from} to ${to} needs a person`, message: paragraphs.join('\n\n') };
}

function paragraphOf({ counts, named }: Report, what: FindingClass): string {
  const { words, next } = FINDINGS[what];
  const count = counts[what] ?? 0;
  const ids = (named[what] ?? []).slice(0, NAMED_MAX).map(({ id }) => id);
  const more = count > ids.length ? `, and ${count - ids.length} more` : '';
  return `${count} × ${words}: ${ids.join(', ')}${more}\nNext step: ${next}`;
}
