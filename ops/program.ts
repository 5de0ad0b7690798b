import { Command, CommanderError } from 'commander';
import { addCloseApi } from './commands/close-api.ts';
import { addControls } from './commands/controls.ts';
import { addCreate } from './commands/create.ts';
import { addCustomersPut } from './commands/customers-put.ts';
import { addCustomersShow } from './commands/customers-show.ts';
import { addDlq } from './commands/dlq.ts';
import { addExplain } from './commands/explain.ts';
import { addGet } from './commands/get.ts';
import { addList } from './commands/list.ts';
import { addOpenApi } from './commands/open-api.ts';
import { addPause } from './commands/pause.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addResolve } from './commands/resolve.ts';
import { addResume } from './commands/resume.ts';
import { addRollback } from './commands/rollback.ts';
import { addSmoke } from './commands/smoke.ts';
import { addWebhooksResend } from './commands/webhooks-resend.ts';
import { addWebhooksRotateToken } from './commands/webhooks-rotate-token.ts';
import { addWebhooksStatus } from './commands/webhooks-status.ts';
import { addWebhooksSubscribe } from './commands/webhooks-subscribe.ts';
import { addWebhooksVerify } from './commands/webhooks-verify.ts';
import { connectionOf } from './connection.ts';
import type { Context } from './context.ts';
import type { Terminal } from './terminal.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_PERSON_NEEDED = 3;

/**
 * Runs one command line. Never throws; resolves with the exit code: 0, 1 (failed), 2 (what was typed cannot be run) or 3 (done, and a
 * person is needed).
 */
export async function runPayouts(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, program, terminal);
  }
}

type GlobalOptions = { readonly stage?: string; readonly debug?: boolean };

function buildProgram(terminal: Terminal): Command {
  const program = new Command('payouts')
    .description('Registers customers, makes payouts, tells their story, and holds them back.')
    .option('--stage <name>', 'a deployed stage; without it, a local run (npm start)')
    .option('--debug', 'show the stack of an error')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .exitOverride();
  const context: Context = {
    terminal,
    connection: () => connectionOf(program.opts<GlobalOptions>(), terminal.env),
  };
  const customers = program.command('customers').description('register customers and see what is registered');
  addCustomersPut(customers, context);
  addCustomersShow(customers, context);
  addCreate(program, context);
  addGet(program, context);
  addList(program, context);
  addExplain(program, context);
  addResolve(program, context);
  addPause(program, context);
  addResume(program, context);
  addControls(program, context);
  addSmoke(program, context);
  addCloseApi(program, context);
  addOpenApi(program, context);
  addRollback(program, context);
  addDlq(program, context);
  addReconcile(program, context);
  const webhooks = program.command('webhooks').alias('webhook').description("Monoova's webhooks");
  addWebhooksStatus(webhooks, context);
  addWebhooksSubscribe(webhooks, context);
  addWebhooksRotateToken(webhooks, context);
  addWebhooksResend(webhooks, context);
  addWebhooksVerify(webhooks, context);
  return program;
}

async function report(error: unknown, program: Command, terminal: Terminal): Promise<number> {
  // Commander has said by now what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const options = program.opts<GlobalOptions>();
  const { PersonNeededError, sentenceOf, UsageError } = await import('./errors.ts');
  const prefix = error instanceof PersonNeededError ? '' : 'error: ';
  terminal.stderr.write(`${prefix}${sentenceOf(error, connectionOf(options, terminal.env))}\n`);
  if (options.debug && error instanceof Error) terminal.stderr.write(`${stackOf(error)}\n`);
  if (error instanceof PersonNeededError) return EXIT_PERSON_NEEDED;
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
}

const CAUSES_MAX = 5;

function stackOf(error: Error): string {
  const stacks: string[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < CAUSES_MAX && next instanceof Error; depth++) {
    stacks.push(next.stack ?? next.message);
    next = next.cause;
  }
  return stacks.join('\ncaused by: ');
}
