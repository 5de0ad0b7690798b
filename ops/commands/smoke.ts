import type { Command } from 'commander';
import { type Context, openApi } from '../context.ts';

type Options = { readonly customerId: string; readonly method: string; readonly waitSeconds: string };

/** A webhook that was lost is made up for by the guard's second look, three minutes after the payout. */
const WAIT_SECONDS_DEFAULT = '300';
const WAIT_SECONDS_MAX = 3_600;

export function addSmoke(program: Command, context: Context): void {
  program
    .command('smoke')
    .description('pays 0.01 AUD for real, to an account of your own; 0 where it is paid in time, else 1')
    .requiredOption('--customer-id <id>', 'a registered customer whose destination is your own')
    .option('--method <method>', 'PayId or BankAccount', 'PayId')
    .option('--wait-seconds <seconds>', 'how long to wait for its end', WAIT_SECONDS_DEFAULT)
    .action((options: Options) => smoke(context, options));
}

async function smoke({ terminal, connection }: Context, { customerId, method, waitSeconds }: Options): Promise<void> {
  const [{ finalOf, paySmoke }, { loadExplanation }, { explanationText }, { transactionIdFrom }, errors] =
    await Promise.all([
      import('../smoke.ts'),
      import('../explanation.ts'),
      import('../explanation-text.ts'),
      import('../transaction-id.ts'),
      import('../errors.ts'),
    ]);
  const seconds = Number(waitSeconds);
  if (!(seconds > 0 && seconds <= WAIT_SECONDS_MAX)) {
    throw new errors.UsageError(`--wait-seconds is a number up to ${WAIT_SECONDS_MAX}`);
  }
  const { api, resources } = await openApi(connection());
  const key = `smoke-${terminal.newId()}`;
  const { transaction_id: id } = await paySmoke(api, resources.api_url, { customerId, method, key });
  terminal.stderr.write(`Paying 0.01 AUD (${id}) ...\n`);
  const { status } = await finalOf(api, id, seconds * 1000);
  const explanation = await loadExplanation(connection(), transactionIdFrom(id), terminal.nowMs());
  terminal.stdout.write(explanationText(explanation, { hasData: false }));
  if (status === 'Completed') return;
  const waited = status === 'Pending' ? ` after ${seconds} s` : '';
  throw new errors.CommandError(`the smoke payout ${id} is ${status}${waited}: payouts explain ${id} goes on telling`);
}
