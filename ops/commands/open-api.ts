import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function addOpenApi(program: Command, context: Context): void {
  program
    .command('open-api')
    .description('lets clients through again, at the limits of the stage')
    .action(() => openApiNow(context));
}

async function openApiNow({ terminal, connection }: Context): Promise<void> {
  const { openApi } = await import('../api-throttle.ts');
  const { methods, limits, wasSoBefore } = await openApi(connection());
  const methodsText = methods.join(', ');
  const again = wasSoBefore ? ' (as before; nothing was changed)' : '';
  terminal.stdout.write(
    `clients are let through to ${methodsText}: ${limits.rate} requests a second, ${limits.burst} at once, for each${again}\n`,
  );
}
