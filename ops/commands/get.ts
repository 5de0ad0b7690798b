import type { Command } from 'commander';
import { type Context, openApi } from '../context.ts';

type Options = { readonly json?: boolean };

export function addGet(program: Command, context: Context): void {
  program
    .command('get <transaction-id>')
    .description('one payout with its history, as the API tells it')
    .option('--json', "the API's answer as it is")
    .action((transactionId: string, options: Options) => getPayout(context, transactionId, options));
}

async function getPayout({ terminal, connection }: Context, typedId: string, options: Options): Promise<void> {
  const [{ bodyOf }, { payoutDetailsSchema, detailsText }, { transactionIdFrom }] = await Promise.all([
    import('../api-answer.ts'),
    import('../payout-text.ts'),
    import('../transaction-id.ts'),
  ]);
  const transactionId = transactionIdFrom(typedId);
  const { api } = await openApi(connection());
  const answer = await api.send({ method: 'GET', path: `/payouts/${transactionId}` });
  const payout = bodyOf(answer, 200, payoutDetailsSchema);
  terminal.stdout.write(options.json ? `${answer.text}\n` : detailsText(payout));
}
