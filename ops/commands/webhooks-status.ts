import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly date?: string; readonly json?: boolean };

export function addWebhooksStatus(webhooks: Command, context: Context): void {
  webhooks
    .command('status')
    .description(
      'how Monoova is subscribed, and what it has sent on a day; 0 where each event comes to this stage, else 1',
    )
    .option('--date <day>', 'YYYY-MM-DD in Sydney; today if left out')
    .option('--json', 'as JSON')
    .action((options: Options) => status(context, options));
}

async function status(context: Context, { date, json: isJson }: Options): Promise<void> {
  const [{ isDay, sydneyDayOf }, { CommandError, UsageError }, { json }] = await Promise.all([
    import('../../domain/sydney-day.ts'),
    import('../errors.ts'),
    import('../render.ts'),
  ]);
  const day = date ?? sydneyDayOf(context.terminal.nowMs());
  if (!isDay(day)) throw new UsageError('--date is a day, written YYYY-MM-DD');
  const [{ openWebhooks }, { sentOn, standings }, { readWebhookSecret }, text] = await Promise.all([
    import('../webhooks.ts'),
    import('../webhook-subscriptions.ts'),
    import('../webhook-secret.ts'),
    import('../webhooks-text.ts'),
  ]);
  const { connection, resources, ask } = await openWebhooks(context);
  const events = await standings(ask, resources.api_url);
  const sent = await sentOn(ask, day);
  const tokens = (await readWebhookSecret(connection, resources))?.secret.tokens.length ?? 0;
  const { stdout } = context.terminal;
  if (isJson) stdout.write(json({ events, tokens, day, ...sent }));
  else stdout.write(text.standingsText(events) + text.tokensText(tokens) + text.sentText(sent, day));
  if (events.some(({ isRight }) => !isRight)) {
    throw new CommandError('not every event comes to this stage: run payouts webhooks subscribe');
  }
}
