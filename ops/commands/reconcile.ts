import type { Command } from 'commander';
import type { Report } from '../../domain/reconciliation.ts';
import type { Context } from '../context.ts';
import type { Asked } from '../reconciliation.ts';

type Options = {
  readonly from?: string;
  readonly to?: string;
  readonly rebuild?: boolean;
  readonly execution?: string;
  readonly waitMinutes: string;
  readonly json?: boolean;
};

const HELP = `
Days are days in Sydney, and the books of one day on either side are read as well. At most 31 days a run.
Monoova's word is applied where it is proof; everything else is told. It does no harm to run it at any time, or twice.
Ends with 0 where nobody is needed, with 3 where a person is.`;

export function addReconcile(program: Command, context: Context): void {
  program
    .command('reconcile')
    .description("Monoova's books against our records: repairs what has proof, and tells the rest")
    .option('--from <day>', 'the first day, YYYY-MM-DD; yesterday if both are left out')
    .option('--to <day>', 'the last day, YYYY-MM-DD')
    .option('--rebuild', 'records again what a restored table has lost; payouts have to be paused')
    .option('--execution <name>', 'shows what an earlier run has found, and starts none')
    .option('--wait-minutes <minutes>', 'how long to wait for its end', '15')
    .option('--json', 'the report as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => reconcile(context, options));
}

async function reconcile({ terminal, connection }: Context, options: Options): Promise<void> {
  const asked = await askedOf(options);
  const waitMs = await waitOf(options.waitMinutes);
  const [{ loadResources }, { reportOfRun, startReconciliation }] = await Promise.all([
    import('../resources.ts'),
    import('../reconciliation.ts'),
  ]);
  const stage = connection();
  const resources = await loadResources(stage);
  const name = options.execution ?? `reconcile-${terminal.newId()}`;
  if (options.execution === undefined) {
    await startReconciliation(stage, resources, asked, name);
    terminal.stderr.write(`Reconciling (${name}) ...\n`);
  }
  const report = await reportOfRun(stage, resources, { name, waitMs });
  terminal.stdout.write(await textOf(report, options));
  const { PersonNeededError } = await import('../errors.ts');
  if (report.needs_person)
    throw new PersonNeededError('a person is needed: docs/runbook.md, "Reconciliation needs a person"');
}

async function textOf(report: Report, { json: isJson }: Options): Promise<string> {
  const [{ json }, { reportText }] = await Promise.all([import('../render.ts'), import('../reconciliation-text.ts')]);
  return isJson ? json(report) : reportText(report);
}

/** How many days, and whether they are to come, is the machine's to say. */
async function askedOf({ from, to, rebuild, execution }: Options): Promise<Asked> {
  const [{ isDay }, { UsageError }] = await Promise.all([import('../../domain/sydney-day.ts'), import('../errors.ts')]);
  if (execution !== undefined && (from !== undefined || to !== undefined || rebuild)) {
    throw new UsageError('--execution shows a run that was made: leave out --from, --to and --rebuild');
  }
  for (const day of [from, to]) {
    if (day !== undefined && !isDay(day)) throw new UsageError('a day is written YYYY-MM-DD, such as 2026-11-23');
  }
  return { ...(from && { from }), ...(to && { to }), ...(rebuild && { rebuild: true }) };
}

/** The longest that the machine itself takes (infra/constructs/state-machines.ts). */
const WAIT_MINUTES_MAX = 240;

async function waitOf(text: string): Promise<number> {
  const { UsageError } = await import('../errors.ts');
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= WAIT_MINUTES_MAX)) {
    throw new UsageError(`--wait-minutes is a number up to ${WAIT_MINUTES_MAX}`);
  }
  return minutes * 60_000;
}
