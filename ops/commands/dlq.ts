import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';

type Options = { readonly json?: boolean; readonly maxPerSecond?: string };

export function addDlq(program: Command, context: Context): void {
  const dlq = program
    .command('dlq')
    .description('webhooks that were proven and could not be applied: the dead letters');
  dlq
    .command('list')
    .description('all of them, oldest first; they stay where they are')
    .option('--json', 'as JSON')
    .action((options: Options) => list(context, options));
  dlq
    .command('show <id>')
    .description('one of them, and what to do about it')
    .option('--json', 'as JSON')
    .action((id: string, options: Options) => show(context, id, options));
  dlq
    .command('redrive')
    .description('send all of them back to be applied again, as "Start DLQ redrive" in the console of SQS does')
    .option('--max-per-second <count>', 'how many a second at most, 1 to 500')
    .action((options: Options) => redrive(context, options));
  dlq
    .command('delete <id>')
    .description('take one away for good, once a person has seen to it')
    .action((id: string) => remove(context, id));
}

async function list({ terminal, connection }: Context, { json }: Options): Promise<void> {
  const [{ readDeadLetters }, { deadLettersText, deadLettersJson }] = await Promise.all([
    import('../dead-letters.ts'),
    import('../dead-letter-text.ts'),
  ]);
  const letters = await readDeadLetters(connection());
  terminal.stdout.write(json ? deadLettersJson(letters) : deadLettersText(letters));
}

async function show({ terminal, connection }: Context, id: string, { json }: Options): Promise<void> {
  const [{ readDeadLetters, noSuchLetter }, { deadLetterText, deadLetterJson }] = await Promise.all([
    import('../dead-letters.ts'),
    import('../dead-letter-text.ts'),
  ]);
  const { letters } = await readDeadLetters(connection());
  const letter = letters.find(({ messageId }) => messageId === id);
  if (!letter) throw noSuchLetter(id);
  terminal.stdout.write(json ? deadLetterJson(letter) : deadLetterText(letter));
}

async function redrive({ terminal, connection }: Context, { maxPerSecond }: Options): Promise<void> {
  const perSecond = rateIn(maxPerSecond);
  const [{ redriveDeadLetters }, { redrivenText }] = await Promise.all([
    import('../dead-letters.ts'),
    import('../dead-letter-text.ts'),
  ]);
  terminal.stdout.write(redrivenText(await redriveDeadLetters(connection(), perSecond)));
}

function rateIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (/^\d{1,3}$/.test(text) && rate >= 1 && rate <= 500) return rate;
  throw new UsageError('--max-per-second is a whole number from 1 to 500');
}

async function remove({ terminal, connection }: Context, id: string): Promise<void> {
  const { deleteDeadLetter } = await import('../dead-letters.ts');
  await deleteDeadLetter(connection(), id);
  terminal.stdout.write(`${id} deleted.\n`);
}
