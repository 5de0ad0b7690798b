import { type Report, reportSchema } from '../../domain/reconciliation.ts';
import { momentOfSydney, sydneyDayOf } from '../../domain/sydney-day.ts';
import type { JsonObject } from '../../local/json.ts';
import { runCommand } from '../ops/run-command.ts';
import type { TestRun } from './local-run.ts';
import { client, payIdPayout } from './monoova-client.ts';

const MACHINE = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:payouts-dev-reconciliation';
/** Longer than a payout is young for, and longer than the guard's first wait. */
export const GROWN_MS = 80_000;

/** The day in Sydney by the clock of the run. */
export function todayOf(run: TestRun): string {
  return sydneyDayOf(run.clock.nowMs());
}

/** Runs one reconciliation to its end, while time stands still, and gives its report. @throws where it fails */
export async function reconcile(run: TestRun, asked: object = {}): Promise<Report> {
  const { executionArn } = run.stepFunctions.startExecution({ stateMachineArn: MACHINE, input: JSON.stringify(asked) });
  const ended = await run.until(() => {
    const execution = run.stepFunctions.describeExecution(executionArn);
    return execution.status === 'RUNNING' ? undefined : execution;
  });
  if (ended.status !== 'SUCCEEDED')
    throw new Error(`The reconciliation ${ended.status}: ${ended.error}, ${ended.cause}`);
  return reportSchema.parse(JSON.parse(String(ended.output)));
}

/** Moves time on over the waits between the tries of tasks, in steps that leave a function at work its time, until the work is done. */
export async function whileTimePasses<Result>(run: TestRun, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  done.catch(() => undefined);
  for (let steps = 0; steps < 300 && !isDone; steps++) await run.advance(2_000);
  return done;
}

/** The ids that a report names of one class, sorted. */
export function namedIn(report: Report, what: keyof Report['named']): string[] {
  return (report.named[what] ?? []).map(({ id }) => id).toSorted();
}

const TABLE = 'payouts-dev-transactions';
const GUARD = 'arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement:';
/** Of the simulator that the local run starts (local/start.ts). */
const API_KEY = 'local-monoova-api-key';

export type Attributes = Readonly<Record<string, JsonObject>>;

/** Changes a record by hand, as nobody should: attributes as DynamoDB writes them, and names to take out. */
export async function editRecord(run: TestRun, id: string, set: Attributes, remove: readonly string[] = []) {
  const names = [...Object.keys(set), ...remove];
  const sets = Object.keys(set).map((name) => `#${name} = :${name}`);
  const removes = remove.length > 0 ? ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '';
  await run.services.dynamodb.call('UpdateItem', {
    TableName: TABLE,
    Key: { transaction_id: { S: id } },
    ConditionExpression: 'attribute_exists(transaction_id)',
    UpdateExpression: `SET ${sets.join(', ')}${removes}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
  });
}

export async function deleteRecord(run: TestRun, id: string): Promise<void> {
  await run.services.dynamodb.call('DeleteItem', { TableName: TABLE, Key: { transaction_id: { S: id } } });
}

export async function readRecord(run: TestRun, id: string): Promise<JsonObject | undefined> {
  const { Item } = await run.services.dynamodb.call('GetItem', {
    TableName: TABLE,
    Key: { transaction_id: { S: id } },
  });
  return Item as JsonObject | undefined;
}

export async function putRecord(run: TestRun, item: JsonObject): Promise<void> {
  await run.services.dynamodb.call('PutItem', { TableName: TABLE, Item: item });
}

/** All of the table, as a backup would have it. */
export async function copyOfTable(run: TestRun): Promise<JsonObject[]> {
  const { Items, LastEvaluatedKey } = await run.services.dynamodb.call('Scan', { TableName: TABLE });
  if (LastEvaluatedKey !== undefined) throw new Error('The table is larger than one page');
  return Items as JsonObject[];
}

/** `suffix` is empty, `-2`, `-3` and so on. Undefined where there is no such guard. */
export function guardOf(run: TestRun, id: string, suffix = '') {
  try {
    return run.stepFunctions.describeExecution(`${GUARD}${id}${suffix}`);
  } catch {
    return undefined;
  }
}

export function stopGuard(run: TestRun, id: string): void {
  run.stepFunctions.stopExecution(`${GUARD}${id}`);
}

/** A payment that somebody else makes from the same mAccount. */
export async function payBySomebodyElse(run: TestRun, uniqueReference: string): Promise<void> {
  const response = await client(run.monoovaUrl, API_KEY).execute(payIdPayout(uniqueReference, 'ada@somewhere.example'));
  if (response.status !== 200) throw new Error(`The simulator answered ${response.status}`);
}

/** Moves time on to this moment in Sydney. */
export async function advanceTo(run: TestRun, localTime: string): Promise<void> {
  const atMs = momentOfSydney(localTime);
  if (atMs === undefined || atMs < run.clock.nowMs()) throw new Error(`${localTime} cannot be waited for`);
  await run.advance(atMs - run.clock.nowMs());
}

/** What the people on call were told by reconciliations. */
export function toldBy(run: TestRun): string[] {
  const topic = run.template.resources.find(({ type }) => type === 'AWS::SNS::Topic');
  return run.services.sns
    .published(topic?.ref ?? '')
    .filter(({ subject }) => subject?.startsWith('Reconciliation'))
    .map(({ message }) => message);
}

/** POSTs of a payment that reached Monoova, refused or not. */
export function postsOf(run: TestRun, id: string): number {
  const requests = run.simulator?.requests() ?? [];
  return requests.filter(({ route, uniqueReference }) => route === 'execute' && `txn-${uniqueReference}` === id).length;
}

export const pause = (run: TestRun) => typed(run, 'pause', '--restore', '--reason', 'a drill');
export const resume = (run: TestRun) => typed(run, 'resume');

/** Types a command, and gives what it prints. @throws where it fails */
async function typed(run: TestRun, ...args: string[]): Promise<string> {
  const { code, out, err } = await runCommand(args, {
    env: { AWS_ENDPOINT_URL: run.awsUrl },
    nowMs: run.clock.nowMs(),
  });
  if (code !== 0) throw new Error(`payouts ${args.join(' ')} ended with ${code}: ${err}`);
  return out;
}
