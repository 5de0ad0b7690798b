import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly json?: boolean; readonly customerId?: string };

export function addControls(program: Command, context: Context): void {
  program
    .command('controls')
    .description('what holds payouts back now: pause, breaker, refused key; and how much of the daily limits is used')
    .option('--customer-id <id>', 'with the limit of this customer')
    .option('--json', 'as JSON')
    .action((options: Options) => showControls(context, options));
}

async function showControls({ terminal, connection }: Context, { json, customerId }: Options): Promise<void> {
  const [{ openControls }, { dailyLimits }, { controlsJson, controlsText }] = await Promise.all([
    import('../controls.ts'),
    import('../daily-limits.ts'),
    import('../controls-text.ts'),
  ]);
  const nowMs = terminal.nowMs();
  const { store, client, resources } = await openControls(connection());
  const asked = { nowMs, ...(customerId === undefined ? {} : { customerId }) };
  const [controls, limits] = await Promise.all([store.read(), dailyLimits(client, resources, asked)]);
  const text = json ? controlsJson(controls, limits, nowMs) : controlsText(controls, nowMs, limits);
  terminal.stdout.write(text);
}
