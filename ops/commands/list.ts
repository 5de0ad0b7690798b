import type { Command } from 'commander';
import { type Context, openApi } from '../context.ts';

type Options = {
  readonly customerId: string;
  readonly status?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
};

export function addList(program: Command, context: Context): void {
  program
    .command('list')
    .description("a customer's payouts, newest first")
    .requiredOption('--customer-id <id>', 'whose payouts')
    .option('--status <status>', 'only those that stand so: Pending, Failed, Rejected, Completed or Returned')
    .option('--limit <count>', 'how many at most')
    .option('--cursor <cursor>', 'go on where the last page ended')
    .option('--json', "the API's answer as it is")
    .action((options: Options) => listPayouts(context, options));
}

async function listPayouts({ terminal, connection }: Context, options: Options): Promise<void> {
  const [{ bodyOf }, { payoutPageSchema, pageText }] = await Promise.all([
    import('../api-answer.ts'),
    import('../payout-text.ts'),
  ]);
  const { api } = await openApi(connection());
  const answer = await api.send({ method: 'GET', path: '/payouts', query: queryOf(options) });
  const page = bodyOf(answer, 200, payoutPageSchema);
  terminal.stdout.write(options.json ? `${answer.text}\n` : pageText(page));
}

/** What a filter may be is the API's to say. */
function queryOf({ customerId, status, limit, cursor }: Options): Record<string, string> {
  const query = { customer_id: customerId, status, limit, cursor };
  return Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
