import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function addRollback(program: Command, context: Context): void {
  program
    .command('rollback')
    .description(
      'lets functions and machines go on by the versions from before the last deployment, from the next call on',
    )
    .action(() => rollback(context));
}

async function rollback({ terminal, connection }: Context): Promise<void> {
  const [{ rollBack }, { table }] = await Promise.all([import('../rollback.ts'), import('../render.ts')]);
  const aliases = await rollBack(connection());
  const lines = aliases.map(({ name, from, to }) => [name, from === to ? `${to} as before` : `${from} → ${to}`]);
  const isDone = aliases.every(({ from, to }) => from === to);
  const said = isDone ? 'All of it was so before: nothing was changed.' : 'The next deployment goes forward again.';
  terminal.stdout.write(`${table(lines)}${said}\n`);
}
