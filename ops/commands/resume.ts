import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function addResume(program: Command, context: Context): void {
  program
    .command('resume')
    .description('lifts the pause, and has an open breaker or a refused key tried by one call now')
    .action(() => resume(context));
}

async function resume({ terminal, connection }: Context): Promise<void> {
  const [{ resumed }, { openControls, rewriteControls }, { operatorOf }, { controlsText }] = await Promise.all([
    import('../../domain/controls.ts'),
    import('../controls.ts'),
    import('../operator.ts'),
    import('../controls-text.ts'),
  ]);
  const [{ store }, operator] = await Promise.all([openControls(connection()), operatorOf(connection())]);
  const { after } = await rewriteControls(store, (from) => resumed(from, operator, terminal.nowMs()));
  terminal.stdout.write(controlsText(after, terminal.nowMs()));
}
