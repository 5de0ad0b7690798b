import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { REGION } from './aws/account.ts';
import { ROOT } from './aws/credentials.ts';
import { sleep } from './clock.ts';
import { fetchSigned } from './demo-signer.ts';
import { type Moment, Timeline } from './demo-timeline.ts';
import type { LocalRun } from './start.ts';
import { runChild } from './template/child-process.ts';

const CUSTOMERS = new URL('./demo-customers.json', import.meta.url);
const CUSTOMER_ID = 'cust-demo-payid';
const AMOUNT_AUD = 125.5;
const REGISTRATION_TIMEOUT_MS = 30_000;
/** The simulator settles within seconds; what is not final by then is worth looking at, not waiting for. */
const PAYOUT_TIMEOUT_MS = 20_000;
const POLL_MS = 40;
const WHO_WIDTH = 24;

/** The demonstration has not gone as it should; the message says how far it came. */
export class DemoError extends Error {
  override readonly name = 'DemoError' as const;
}

/**
 * Registers the demonstration's customers, one for each behaviour of the simulator, with the project's own command line:
 * it encrypts their destinations as an operator would. Safe to repeat.
 *
 * @throws {DemoError} with what the command printed
 */
export async function registerDemoCustomers(root: string, awsUrl: string): Promise<void> {
  const { code, output } = await runChild(process.execPath, ['ops/main.ts', 'customers', 'put', '--file', '-'], {
    cwd: root,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    },
    input: readFileSync(CUSTOMERS, 'utf8'),
    timeoutMs: REGISTRATION_TIMEOUT_MS,
  });
  if (code !== 0) throw new DemoError(`The customers were not registered (${code}):\n${output}`);
}

export function demoCustomerIds(): string[] {
  const customers: { customer_id: string }[] = JSON.parse(readFileSync(CUSTOMERS, 'utf8'));
  return customers.map(({ customer_id }) => customer_id);
}

/**
 * Sends one payout and prints what happens to it, as it happens, until it is final.
 *
 * @throws {DemoError} when it is refused, or not Completed within 20 s
 */
export async function showPayout(run: LocalRun, print: (line: string) => void): Promise<void> {
  const startedMs = run.clock.nowMs();
  const timeline = new Timeline(run, startedMs);
  const tell = ({ atMs, who, what }: Moment) =>
    print(`${String(atMs - startedMs).padStart(7)} ms  ${who.padEnd(WHO_WIDTH)} ${what}`);
  print(`Demonstration: ${AMOUNT_AUD.toFixed(2)} AUD to ${CUSTOMER_ID}, whose PayID the simulator pays.`);
  const { transactionId, answer } = await sendPayout(run).catch((error: unknown) => {
    timeline.news().forEach(tell);
    throw error;
  });
  const answered: Moment = { atMs: run.clock.nowMs(), who: 'client', what: answer };
  for (const moment of [...timeline.news(), answered]) tell(moment);
  const final = await followPayout(run, transactionId, () => timeline.news().forEach(tell));
  tell({ atMs: run.clock.nowMs(), who: 'client', what: `GET /payouts/${transactionId}: ${final}` });
  if (final !== 'Completed') throw new DemoError(`The payout ${transactionId} is ${final}, not Completed`);
  print(`Completed in ${run.clock.nowMs() - startedMs} ms.`);
}

async function sendPayout(run: LocalRun): Promise<{ transactionId: string; answer: string }> {
  const request = {
    customer_id: CUSTOMER_ID,
    amount: AMOUNT_AUD,
    payout_method: 'PayId',
    description: 'Demonstration payout',
  };
  const response = await fetchSigned({
    method: 'POST',
    url: `${run.apiUrl}/payouts`,
    headers: { 'content-type': 'application/json', 'idempotency-key': `demo-${randomUUID()}` },
    body: JSON.stringify(request),
    nowMs: run.clock.nowMs(),
  });
  const text = await response.text();
  if (response.status !== 202) throw new DemoError(`POST /payouts answered ${response.status}: ${text}`);
  const { transaction_id, status, destination } = JSON.parse(text);
  const masked = typeof destination === 'string' ? destination : JSON.stringify(destination);
  return { transactionId: transaction_id, answer: `202 ${status} ${transaction_id} to ${masked}` };
}

/** The status that is final (its guard and the webhook's function have ended too), or the last one seen when the time is up. */
async function followPayout(run: LocalRun, transactionId: string, onPoll: () => void): Promise<string> {
  const deadlineMs = run.clock.nowMs() + PAYOUT_TIMEOUT_MS;
  let status = 'Pending';
  const isUnderWay = () => status === 'Pending' || isGuarded(run, transactionId) || run.busyCount() > 0;
  while (isUnderWay() && run.clock.nowMs() < deadlineMs) {
    await sleep(run.clock, POLL_MS);
    const url = `${run.apiUrl}/payouts/${transactionId}`;
    const response = await fetchSigned({ method: 'GET', url, nowMs: run.clock.nowMs() });
    const payout = await response.json();
    if (response.ok && typeof payout === 'object' && payout && 'status' in payout) status = String(payout.status);
    onPoll();
  }
  // The answer to the webhook is on its way to the simulator when the function that gave it has ended.
  await sleep(run.clock, POLL_MS);
  onPoll();
  return status;
}

/** An execution named by the payout is still open: it is told that the payout is final a moment after the table is. */
function isGuarded({ stepFunctions }: LocalRun, transactionId: string): boolean {
  const open = stepFunctions
    .listStateMachines()
    .flatMap(({ stateMachineArn }) => stepFunctions.listExecutions(stateMachineArn, 'RUNNING'));
  return open.some(({ name }) => name.startsWith(transactionId));
}

/** What to try next, ready to be pasted. */
export function suggestions(run: LocalRun): string[] {
  const others = demoCustomerIds().filter((id) => id !== CUSTOMER_ID);
  return [
    'Try one yourself:',
    `  curl -sS --aws-sigv4 "aws:amz:${REGION}:execute-api" --user ${ROOT.accessKeyId}:${ROOT.secretAccessKey} \\`,
    `    -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s%N)" ${run.apiUrl}/payouts \\`,
    `    -d '{"customer_id":"cust-demo-returned","amount":20,"payout_method":"PayId"}'`,
    `Customers: ${CUSTOMER_ID}, ${others.join(', ')}.`,
  ];
}
