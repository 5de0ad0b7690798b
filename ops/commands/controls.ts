import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly json?: boolean };

export function addControls(program: Command, context: Context): void {
  program
    .command('controls')
    .description('what holds payouts back now: pause, breaker, refused key')
    .option('--json', 'as JSON')
    .action((options: Options) => showControls(context, options));
}

async function showControls({ terminal, connection }: Context, options: Options): Promise<void> {
  const [{ openControls }, { controlsJson, controlsText }] = await Promise.all([
    import('../controls.ts'),
    import('../controls-text.ts'),
  ]);
  const controls = await (await openControls(connection())).read();
  terminal.stdout.write(
    options.json ? controlsJson(controls, terminal.nowMs()) : controlsText(controls, terminal.nowMs()),
  );
}
