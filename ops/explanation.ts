import type { Payout } from '../domain/payout.ts';
import type { TransactionId } from '../domain/reference.ts';
import { documentClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError, sentenceOf } from './errors.ts';
import { loadGuards, loadSubmission } from './executions.ts';
import { loadResources, type Resources } from './resources.ts';
import { standingOf } from './standing.ts';
import { type Execution, endOf } from './step-event.ts';
import { type Entry, timelineOf } from './timeline.ts';

export type Explanation = {
  readonly payout: Payout;
  readonly timeline: readonly Entry[];
  /** What of the story is missing, and why. */
  readonly notes: readonly string[];
  readonly standing: string;
};

/**
 * Gathers all that is known of a payout. What cannot be read of an execution becomes a note: the rest is still worth reading.
 * @throws {CommandError} where there is no such payout.
 */
export async function loadExplanation(
  connection: Connection,
  transactionId: TransactionId,
  nowMs: number,
): Promise<Explanation> {
  const resources = await loadResources(connection);
  const payout = await readPayout(connection, resources, transactionId);
  if (!payout)
    throw new CommandError(
      `there is no payout ${transactionId} in stage ${connection.stage}: check the id and the stage`,
    );
  const [guards, submission] = await Promise.all([
    orNote(loadGuards(connection, resources, payout), "the guard's history", connection),
    payout.rebuilt_at === undefined
      ? orNote(loadSubmission(connection, resources, payout), "the submission's log", connection)
      : LOST_SUBMISSION,
  ]);
  const executions = [...(submission.value ? [submission.value] : []), ...(guards.value ?? [])];
  return {
    payout,
    timeline: timelineOf(payout, executions),
    notes: [...submission.notes, ...submissionNotes(submission.value), ...guards.notes],
    standing: guards.value ? standingOf(payout, guards.value, nowMs) : `${payout.status}.`,
  };
}

async function readPayout(
  connection: Connection,
  resources: Resources,
  transactionId: TransactionId,
): Promise<Payout | undefined> {
  const [{ createPayoutStore }, client] = await Promise.all([
    import('../functions/adapters/payout-store.ts'),
    documentClient(connection),
  ]);
  return createPayoutStore(client, resources.transactions_table).read(transactionId);
}

/** The lost record alone named it. */
const LOST_SUBMISSION: Noted<Execution> = { notes: ['which submission paid it is not known: the record was rebuilt'] };

type Noted<Value> = { readonly value?: Value; readonly notes: readonly string[] };

async function orNote<Value>(loading: Promise<Value>, what: string, connection: Connection): Promise<Noted<Value>> {
  try {
    return { value: await loading, notes: [] };
  } catch (error) {
    return { notes: [`${what} could not be read: ${sentenceOf(error, connection)}`] };
  }
}

/** Express machines log after the fact, and CloudWatch shows it later still. */
function submissionNotes(submission: Execution | undefined): string[] {
  if (!submission) return [];
  const end = endOf(submission.events);
  if (end === undefined)
    return [
      'the submission has no lines in its log: on AWS they arrive a little late (look again in a minute) and leave with the retention of the log group',
    ];
  return end === 'running'
    ? ['the submission has no end in its log: on AWS its lines arrive a little late (look again in a minute)']
    : [];
}
