import type { Command } from 'commander';
import type { Context } from '../context.ts';

const HELP = `
Each event has one URL and one subscription at Monoova: one that goes elsewhere is moved here, and the command says from where.
The token is the newest of the stage's secret; where there is none yet, one is made and stored. No token is ever printed.`;

export function addWebhooksSubscribe(webhooks: Command, context: Context): void {
  webhooks
    .command('subscribe')
    .description('has Monoova send the events of payouts to this stage; safe to repeat')
    .addHelpText('after', HELP)
    .action(() => subscribe(context));
}

async function subscribe(context: Context): Promise<void> {
  const [{ openWebhooks }, { subscribeAll }, { newToken, readWebhookSecret, writeWebhookSecret }, rotation, text] =
    await Promise.all([
      import('../webhooks.ts'),
      import('../webhook-subscriptions.ts'),
      import('../webhook-secret.ts'),
      import('../webhook-rotation.ts'),
      import('../webhooks-text.ts'),
    ]);
  const { ask, ...stage } = await openWebhooks(context);
  const stored = await readWebhookSecret(stage.connection, stage.resources);
  const first = { secret: { tokens: [newToken()] }, storedAtMs: 0 };
  // Before Monoova is told: what it sends with a token has to be accepted.
  if (!stored) await writeWebhookSecret(stage.connection, stage.resources, first.secret);
  const token = await rotation.tokenToGive(stage, stored ?? first, context.terminal);
  const moved = await subscribeAll(ask, { apiUrl: stage.resources.api_url, token });
  context.terminal.stdout.write(text.movedText(moved));
}
