import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly finish?: boolean };

const HELP = `
  1. rotate-token            a new token is stored beside the old one and both are accepted; 20 s later Monoova is given the new one
  2. webhooks status         webhooks are received (what is under way with the old token is accepted as well)
  3. rotate-token --finish   a day later: the old token is dropped

Either may be repeated: a rotation that broke off goes on where it was. No token is ever printed.`;

export function addWebhooksRotateToken(webhooks: Command, context: Context): void {
  webhooks
    .command('rotate-token')
    .description('exchanges the token that Monoova sends with webhooks, without a moment at which one is refused')
    .option('--finish', 'drop the old token')
    .addHelpText('after', HELP)
    .action((options: Options) => rotate(context, options));
}

async function rotate(context: Context, { finish }: Options): Promise<void> {
  const [{ openWebhooks }, { subscribeAll }, { writeWebhookSecret }, rotation, { movedText, tokensText }] =
    await Promise.all([
      import('../webhooks.ts'),
      import('../webhook-subscriptions.ts'),
      import('../webhook-secret.ts'),
      import('../webhook-rotation.ts'),
      import('../webhooks-text.ts'),
    ]);
  const { ask, ...stage } = await openWebhooks(context);
  const stored = await (finish ? rotation.tokensUnderWay(stage) : rotation.exchangedTokens(stage));
  const token = await rotation.tokenToGive(stage, stored, context.terminal);
  const moved = await subscribeAll(ask, { apiUrl: stage.resources.api_url, token });
  const tokens = finish ? [token] : stored.secret.tokens;
  // Only now does Monoova use the new one for certain.
  if (finish) await writeWebhookSecret(stage.connection, stage.resources, { ...stored.secret, tokens });
  context.terminal.stdout.write(movedText(moved) + tokensText(tokens.length));
}
