import type { Command } from 'commander';
import { type Context, openApi } from '../context.ts';

type Options = {
  readonly customerId: string;
  readonly amount: string;
  readonly method: string;
  readonly description?: string;
  readonly key?: string;
  readonly json?: boolean;
};

export function addCreate(program: Command, context: Context): void {
  program
    .command('create')
    .description('asks the API for one payout; 0 where it is accepted (202), else 1')
    .requiredOption('--customer-id <id>', 'a registered customer')
    .requiredOption('--amount <AUD>', 'decimal dollars, such as 12.34')
    .requiredOption('--method <method>', 'PayId or BankAccount')
    .option('--description <text>', 'what the payee is told')
    .option('--key <key>', 'Idempotency-Key: the same key is the same payout for ever; made at random if left out')
    .option('--json', "the API's answer as it is; the key goes to standard error")
    .action((options: Options) => createPayout(context, options));
}

async function createPayout(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const body = await bodyFrom(options);
  const key = options.key ?? terminal.newId();
  const { api, resources } = await openApi(context.connection());
  // Before the request: whatever becomes of it, the key finds the payout again.
  (options.json ? terminal.stderr : terminal.stdout).write(`Idempotency-Key: ${key}\n`);
  const { submitPayout } = await import('../submit-payout.ts');
  const repeat = `repeat the same command with --key ${key}`;
  const answer = await submitPayout(api, { body, key, apiUrl: resources.api_url, repeat });
  if (options.json) terminal.stdout.write(`${answer.text}\n`);
  const [{ bodyOf }, { payoutViewSchema, viewText }] = await Promise.all([
    import('../api-answer.ts'),
    import('../payout-text.ts'),
  ]);
  const payout = bodyOf(answer, 202, payoutViewSchema);
  if (options.json) return;
  const isReplay = answer.headers.get('idempotent-replayed') === 'true';
  terminal.stdout.write(
    `${viewText(payout)}${isReplay ? '  This key was used before: it is the same payout, not a second one.\n' : ''}`,
  );
}

/** The amount is checked on its text, since a JSON number can only hold what was meant if it has two places. */
async function bodyFrom({ customerId, amount, method, description }: Options): Promise<string> {
  const [{ centsFromText, dollarsOf }, { UsageError }] = await Promise.all([
    import('../../domain/money.ts'),
    import('../errors.ts'),
  ]);
  const cents = centsFromText(amount);
  if (cents === undefined) throw new UsageError('--amount is plain decimal AUD with at most two places, such as 12.34');
  return JSON.stringify({ customer_id: customerId, amount: dollarsOf(cents), payout_method: method, description });
}
