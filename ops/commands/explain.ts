import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly json?: boolean; readonly data?: boolean };

export function addExplain(program: Command, context: Context): void {
  program
    .command('explain <transaction-id>')
    .description('the whole story of a payout: its record, its facts and its executions in order of time, masked')
    .option('--data', 'with what each step was given and gave, masked')
    .option('--json', 'as JSON, with the data')
    .action((transactionId: string, options: Options) => explainPayout(context, transactionId, options));
}

async function explainPayout({ terminal, connection }: Context, typedId: string, options: Options): Promise<void> {
  const [{ transactionIdFrom }, { loadExplanation }, { explanationJson, explanationText }] = await Promise.all([
    import('../transaction-id.ts'),
    import('../explanation.ts'),
    import('../explanation-text.ts'),
  ]);
  const explanation = await loadExplanation(connection(), transactionIdFrom(typedId), terminal.nowMs());
  const text = options.json
    ? explanationJson(explanation)
    : explanationText(explanation, { hasData: options.data === true });
  terminal.stdout.write(text);
}
