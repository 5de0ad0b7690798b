import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly reason: string; readonly restore?: true };

/** Fits into one line of `payouts controls`, and says enough for whoever comes next. */
const REASON_MAX_CHARACTERS = 200;

export function addPause(program: Command, context: Context): void {
  program
    .command('pause')
    .description(
      'submits nothing more, from the next call on: new requests are refused, recorded payouts wait, replays answer',
    )
    .requiredOption('--reason <text>', 'why, for whoever comes next')
    .option('--restore', 'for a restore of the payouts: for a month after it each is looked up before it is sent')
    .action((options: Options) => pause(context, options));
}

async function pause({ terminal, connection }: Context, { reason, restore }: Options): Promise<void> {
  const [
    { paused, pausedForRestore },
    { openControls, rewriteControls },
    { operatorOf },
    { UsageError },
    { controlsText },
  ] = await Promise.all([
    import('../../domain/controls.ts'),
    import('../controls.ts'),
    import('../operator.ts'),
    import('../errors.ts'),
    import('../controls-text.ts'),
  ]);
  const why = reason.trim();
  if (why === '' || why.length > REASON_MAX_CHARACTERS) {
    throw new UsageError(`--reason holds 1 to ${REASON_MAX_CHARACTERS} characters`);
  }
  const pausedBy = restore ? pausedForRestore : paused;
  const [{ store }, operator] = await Promise.all([openControls(connection()), operatorOf(connection())]);
  const { after } = await rewriteControls(store, (from) => pausedBy(from, operator, why, terminal.nowMs()));
  terminal.stdout.write(controlsText(after, terminal.nowMs()));
}
