import { setTimeout as pause } from 'node:timers/promises';
import { type Report, reportSchema } from '../domain/reconciliation.ts';
import { sfnClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Resources } from './resources.ts';

export type Asked = { readonly from?: string; readonly to?: string; readonly rebuild?: true };

/** A look costs little, and most runs end within seconds. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Starts a run. Safe to repeat: every step of a reconciliation is, and two at once do no harm. */
export async function startReconciliation(
  connection: Connection,
  resources: Resources,
  asked: Asked,
  name: string,
): Promise<void> {
  const { client, StartExecutionCommand } = await sfnClient(connection);
  const stateMachineArn = resources.reconciliation_state_machine_arn;
  await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(asked) }));
}

/**
 * What a run has found, once it has ended.
 * @throws {UsageError} for a run that was refused: it says what to ask for instead.
 * @throws {CommandError} for one that failed, does not exist, or still runs after `waitMs`.
 */
export async function reportOfRun(
  connection: Connection,
  resources: Resources,
  { name, waitMs }: { readonly name: string; readonly waitMs: number },
): Promise<Report> {
  const givenUpAtMs = performance.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const execution = await describe(connection, resources, name);
    if (execution.status !== 'RUNNING') return reportOf(execution, name);
    if (performance.now() + pauseMs > givenUpAtMs) throw stillRunning(connection, name);
    await pause(pauseMs);
  }
}

function stillRunning({ stage, localEndpoint }: Connection, name: string): CommandError {
  const command = `payouts ${localEndpoint === undefined ? `--stage ${stage} ` : ''}reconcile --execution ${name}`;
  return new CommandError(`it still runs, and goes on by itself: see what it has found with ${command}`);
}

type Described = { readonly status: string; readonly output: string; readonly error: string; readonly cause: string };

async function describe(connection: Connection, resources: Resources, name: string): Promise<Described> {
  const { client, DescribeExecutionCommand, ExecutionDoesNotExist } = await sfnClient(connection);
  const executionArn = `${machineOf(resources).replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    const answer = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', output = '', error = '', cause = '' } = answer;
    return { status, output, error, cause };
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    const words = `there is no reconciliation ${name} in stage ${connection.stage} (AWS forgets them after 90 days)`;
    throw new CommandError(words, { cause: error });
  }
}

/** The machine's ARN has seven parts; an eighth is the alias by which it is started. */
const MACHINE_PARTS = 7;

function machineOf({ reconciliation_state_machine_arn }: Resources): string {
  return reconciliation_state_machine_arn.split(':').slice(0, MACHINE_PARTS).join(':');
}

function reportOf({ status, output, error, cause }: Described, name: string): Report {
  // statemachines/reconciliation.asl.yaml, state Refused.
  if (error === 'ReconciliationRefused') throw new UsageError(`nothing was reconciled. ${cause}`);
  if (status !== 'SUCCEEDED') {
    const why = [error, cause].filter((text) => text !== '').join(': ');
    throw new CommandError(
      `${name} ended with ${status}${why === '' ? '' : ` (${why})`}: read the log of the function reconcile`,
    );
  }
  const parsed = reportSchema.safeParse(parsedJson(output));
  if (parsed.success) return parsed.data;
  throw new CommandError(`${name} left a report that this version cannot read: see its output in Step Functions`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
