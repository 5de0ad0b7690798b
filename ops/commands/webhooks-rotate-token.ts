import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly finish?: boolean };

const HELP = `
  1. rotate-token            a new token is stored beside the old one, both are accepted, and Monoova is given the new one
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
  const [{ openWebhooks }, { subscribeAll }, secrets, { movedText, tokensText }, { CommandError }] = await Promise.all([
    import('../webhooks.ts'),
    import('../webhook-subscriptions.ts'),
    import('../webhook-secret.ts'),
    import('../webhooks-text.ts'),
    import('../errors.ts'),
  ]);
  const { connection, resources, ask } = await openWebhooks(context);
  const secret = await secrets.readWebhookSecret(connection, resources);
  if (!secret) throw new CommandError('there is no token to exchange: payouts webhooks subscribe makes the first one');
  const isUnderWay = secret.tokens.length > 1;
  if (finish && !isUnderWay) throw new CommandError('no exchange is under way: one token is valid');
  const tokens = isUnderWay ? secret.tokens : [secrets.newToken(), ...secret.tokens];
  const [token = ''] = tokens;
  if (!isUnderWay) await secrets.writeWebhookSecret(connection, resources, { ...secret, tokens });
  const moved = await subscribeAll(ask, { apiUrl: resources.api_url, token });
  // Only now does Monoova use the new one for certain.
  if (finish) await secrets.writeWebhookSecret(connection, resources, { ...secret, tokens: [token] });
  context.terminal.stdout.write(movedText(moved) + tokensText(finish ? 1 : tokens.length));
}
