import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function addCloseApi(program: Command, context: Context): void {
  program
    .command('close-api')
    .description('lets no client through any more (429): the hard stop, where pause is not enough; webhooks stay open')
    .action(() => closeApiNow(context));
}

async function closeApiNow({ terminal, connection }: Context): Promise<void> {
  const { closeApi } = await import('../api-throttle.ts');
  const { methods, wasSoBefore } = await closeApi(connection());
  const methodsText = methods.join(', ');
  const again = wasSoBefore ? ' (as before; nothing was changed)' : '';
  terminal.stdout.write(
    `clients get 429 from ${methodsText}${again}. Webhooks come in, and what is recorded goes on. Open it with payouts open-api\n`,
  );
}
