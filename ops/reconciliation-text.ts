import { FINDING_CLASSES, FINDINGS, type FindingClass, type Report } from '../domain/reconciliation.ts';
import { table } from './render.ts';

/** A report for a person: what was looked at, what needs somebody, what was repaired, what was left out. */
export function reportText(report: Report): string {
  const { from, to, name, is_rebuild, incomplete } = report;
  const classes = FINDING_CLASSES.filter((what) => report.counts[what] !== undefined);
  const parts = [
    `Reconciliation of ${from} to ${to}${is_rebuild ? ', rebuilding what was lost' : ''} (${name})\n${checkedText(report)}`,
    section(
      'Needs a person',
      findingsText(
        report,
        classes.filter((what) => FINDINGS[what].needsPerson),
      ),
    ),
    section(
      'Needs nobody',
      findingsText(
        report,
        classes.filter((what) => !FINDINGS[what].needsPerson),
      ),
    ),
    section('Left out', incomplete.map((reason) => `  ${reason}\n`).join('')),
    `${report.needs_person ? 'A person is needed.' : 'Nobody is needed.'}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function checkedText({ checked }: Report): string {
  const { payments = 0, foreign = 0, payouts = 0, open = 0, young = 0, webhooks = 0 } = checked;
  const rows = [
    [`${payments}`, "payments in Monoova's books", foreign === 0 ? '' : `${foreign} of them of other systems`],
    [`${payouts}`, 'payouts of ours looked for in them', ''],
    [`${open}`, 'open payouts, each with its guard', ''],
    [`${webhooks}`, 'webhooks', ''],
    [`${young}`, 'too young to be judged', ''],
  ];
  return table(
    rows.map((row) => ['', ...row]),
    [1],
  );
}

function section(title: string, text: string): string {
  return text === '' ? '' : `${title}\n${text}`;
}

function findingsText(report: Report, classes: readonly FindingClass[]): string {
  return classes.map((what) => findingText(report, what)).join('');
}

function findingText({ counts, named }: Report, what: FindingClass): string {
  const { words, next } = FINDINGS[what];
  const count = counts[what] ?? 0;
  const ids = named[what] ?? [];
  const more = count > ids.length ? `    and ${count - ids.length} more, in the log of the function reconcile\n` : '';
  const advice = next === '' ? '' : `    Next step: ${next}\n`;
  return `  ${count} × ${words}\n${table(ids.map(({ id, detail = '' }) => ['  ', id, detail]))}${more}${advice}`;
}
