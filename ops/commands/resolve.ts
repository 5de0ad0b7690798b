import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Resolved } from '../resolve-payout.ts';

type Options = { readonly as: string; readonly evidence: string };

const HELP = `
  completed   the payee has the money
  rejected    the payee's bank refused it; refused while Monoova works on it
  failed      no money moved and none will; refused while Monoova knows the payment, or does not answer
  resend      nothing was received: sent once more under the same reference, after another look-up, by a new guard;
              refused while Monoova knows the payment, has ever said that it holds it, or does not answer

It takes another person than the one who asked for the payout. Who it was and the evidence stay in the history for ever: write
who told what and when, such as "23 Nov 2026, Monoova's support, ticket ending 4711: they never had it". No names, no accounts.`;

export function addResolve(program: Command, context: Context): void {
  program
    .command('resolve <transaction-id>')
    .description('ends a payout that no machine may decide, or has it sent once more, on the word of a second person')
    .requiredOption('--as <outcome>', 'completed, rejected, failed or resend')
    .requiredOption('--evidence <text>', 'what it rests on, in at most 140 characters')
    .addHelpText('after', HELP)
    .action((transactionId: string, options: Options) => resolve(context, transactionId, options));
}

async function resolve({ terminal, connection }: Context, typedId: string, options: Options): Promise<void> {
  const [
    { transactionIdFrom },
    { evidenceFrom },
    { resolutionFrom },
    { noteLog },
    { openResolving },
    { resolvePayout },
  ] = await Promise.all([
    import('../transaction-id.ts'),
    import('../evidence.ts'),
    import('../resolution.ts'),
    import('../note-log.ts'),
    import('../resolving.ts'),
    import('../resolve-payout.ts'),
  ]);
  const said = {
    transactionId: transactionIdFrom(typedId),
    as: resolutionFrom(options.as),
    evidence: evidenceFrom(options.evidence),
  };
  const { deps, by } = await openResolving(connection(), { nowMs: terminal.nowMs, log: noteLog(terminal) });
  terminal.stdout.write(await textOf(await resolvePayout(deps, { ...said, by, attempt: terminal.newId() }), by));
}

async function textOf({ payout, guard, isMonoovasWord }: Resolved, by: string): Promise<string> {
  const { statusMessage } = await import('../../domain/payout-view.ts');
  const { transaction_id, status } = payout;
  if (guard !== undefined) {
    return (
      `${transaction_id}\n  Pending: it may be sent once more, on the word of ${by}.\n` +
      `  Guard ${guard} looks for it at Monoova in about a minute, and sends it if it is not there.\n`
    );
  }
  const word = isMonoovasWord ? 'Monoova itself has just said so' : `on the word of ${by}`;
  const conflict = payout.conflict ? '  Facts about it contradict each other: see docs/runbook.md.\n' : '';
  return `${transaction_id}\n  ${status}: ${statusMessage(payout)}\n  ${word}.\n${conflict}`;
}
