import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly id: string };

export function addWebhooksResend(webhooks: Command, context: Context): void {
  webhooks
    .command('resend')
    .description('has Monoova send a webhook once more, under its old id; harmless where it was received')
    .requiredOption('--id <webhook-id>', "Monoova's number of it (payouts webhooks status, or the header Webhookid)")
    .action((options: Options) => resend(context, options));
}

const WEBHOOK_ID = /^[1-9][0-9]{0,14}$/;

async function resend(context: Context, { id }: Options): Promise<void> {
  const [{ openWebhooks }, { UsageError }] = await Promise.all([import('../webhooks.ts'), import('../errors.ts')]);
  if (!WEBHOOK_ID.test(id)) throw new UsageError('--id is a whole number of 1 or more');
  const { ask } = await openWebhooks(context);
  await ask((line) => line.resendWebhook(Number(id)));
  context.terminal.stdout.write(`Monoova sends webhook ${id} once more; it arrives when it arrives.\n`);
}
