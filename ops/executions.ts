import { GUARDS_MAX, guardName } from '../domain/guard.ts';
import type { Payout } from '../domain/payout.ts';
import { logsClient, sfnClient } from './clients.ts';
import type { Connection } from './connection.ts';
import type { Resources } from './resources.ts';
import { type Execution, eventsOfHistory, eventsOfLogLines } from './step-event.ts';

/** Standard executions hold at most 25,000 events; a page holds 1,000. */
const HISTORY_PAGES_MAX = 25;
/** FilterLogEvents may answer with empty pages while it searches. */
const LOG_PAGES_MAX = 100;
/** A submission ends within 25 s; the clocks of two services may differ by more than that. */
const LOG_WINDOW_BEFORE_MS = 60_000;
const LOG_WINDOW_AFTER_MS = 10 * 60_000;

/**
 * Every guard of a payout, in the order of their numbers. Empty where none was ever started, or AWS has forgotten it (90 days). A number
 * may have been claimed by somebody who died before the start.
 */
export async function loadGuards(
  connection: Connection,
  resources: Resources,
  { transaction_id, guards: claimed = 1 }: Payout,
): Promise<Execution[]> {
  const machine = resources.settlement_state_machine_arn.replace(':stateMachine:', ':execution:');
  const guards: Execution[] = [];
  for (let number = 1; number <= GUARDS_MAX; number++) {
    const place = number === 1 ? 'guard' : `guard ${number}`;
    const guard = await loadStandard(connection, `${machine}:${guardName(transaction_id, number)}`, place);
    if (guard) guards.push(guard);
    else if (number >= claimed) break;
  }
  return guards;
}

/** Undefined where there is no such execution. */
async function loadStandard(
  connection: Connection,
  executionArn: string,
  place: string,
): Promise<Execution | undefined> {
  const { client, GetExecutionHistoryCommand, ExecutionDoesNotExist } = await sfnClient(connection);
  const events = [];
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < HISTORY_PAGES_MAX; page++) {
      const token = nextToken === undefined ? {} : { nextToken };
      const answer = await client.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, includeExecutionData: true, ...token }),
      );
      events.push(...(answer.events ?? []));
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
  return {
    place,
    events: eventsOfHistory(
      events.map((event) => ({ ...event, id: event.id, timestamp: event.timestamp, type: event.type })),
    ),
  };
}

/**
 * The submission that recorded the payout. Express machines keep no history: their log group is all there is
 * (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html). Empty where its lines have not arrived yet.
 */
export async function loadSubmission(connection: Connection, resources: Resources, payout: Payout): Promise<Execution> {
  const { client, FilterLogEventsCommand } = await logsClient(connection);
  const recordedMs = Date.parse(payout.created_at);
  const lines: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < LOG_PAGES_MAX; page++) {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: resources.submission_log_group,
        filterPattern: `{ $.execution_arn = "${payout.execution_arn}" }`,
        startTime: recordedMs - LOG_WINDOW_BEFORE_MS,
        endTime: recordedMs + LOG_WINDOW_AFTER_MS,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    lines.push(...(answer.events ?? []).map(({ message }) => message ?? ''));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return { place: 'submission', events: eventsOfLogLines(lines) };
}
