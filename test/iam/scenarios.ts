import { expect } from 'vitest';
import type { TestRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled } from '../support/payouts.ts';
import { deleteRecord, editRecord, GROWN_MS, pause, reconcile, resume, todayOf } from '../support/reconciliation.ts';
import { takeAway } from './template-without.ts';

/** A second after the payment the simulator sends its webhook. */
export const WEBHOOK_MS = 1_500;
/** The first wait of the guard, and a little. */
const FIRST_WAIT_MS = 61_000;
/** Longer than a doubted key rests, and than a guard then waits. */
const KEY_RESTED_MS = 20 * 60_000;
/** A letter waits for 5 s, and for 30 s when it could not be applied. */
const FIRST_RECEIVE_MS = 6_000;
const SECOND_RECEIVE_MS = 31_000;
/** Longer than the guard has patience. */
const ESCALATED_MS = 4 * 86_400_000;

/** Each thing that payouts ever do to AWS, at least once. */
export async function runScenarios(run: TestRun): Promise<void> {
  // The one URL for all events; the simulated Monoova is subscribed by event.
  await run.request('POST', '/webhooks/monoova', { signed: false, body: {} });
  await tryNewVersions(run);
  await payByWebhook(run);
  await payWithoutKey(run);
  await askWrongly(run);
  await findWebhookAgain(run);
  await keepNoWebhook(run);
  await settleByAsking(run);
  await doubtTheKey(run);
  await watchTheBalance(run);
  await claimForNobody(run);
  await escalate(run);
  await repairAndRebuild(run);
  await run.request('GET', '/payouts?customer_id=cust-demo-payid');
}

/** As before every alias is turned: the hook tries all new versions. */
async function tryNewVersions(run: TestRun): Promise<void> {
  const { groups } = run.services.codeDeploy;
  for (const group of groups) await tryDeployment(run, group);
  // The hook is silent while all is well.
  const giveBack = takeAway(run, { holder: 'ReadPayouts', action: 'dynamodb:GetItem' });
  await tryDeployment(run, groups[0] ?? '');
  giveBack();
}

/** Gives what the hook has said of the deployment. */
export async function tryDeployment(run: TestRun, group: string): Promise<'Succeeded' | 'Failed' | undefined> {
  const { codeDeploy } = run.services;
  const DeploymentId = codeDeploy.begin(group);
  const event = { DeploymentId, LifecycleEventHookExecutionId: 'hook-1' };
  await run.lambda.invoke('payouts-dev-smoke-test', JSON.stringify(event));
  return codeDeploy.statusOf(DeploymentId);
}

async function payByWebhook(run: TestRun): Promise<void> {
  const { id } = await createPayout(run);
  await run.advance(WEBHOOK_MS);
  await settled(run, id);
}

/** Twice, so that the second finds what the first has left. */
async function payWithoutKey(run: TestRun): Promise<void> {
  const request = { key: null, customer_id: 'cust-demo-instant' };
  await createPayout(run, request);
  await createPayout(run, request);
}

/** Functions that are silent while all is well have something to say here. */
async function askWrongly(run: TestRun): Promise<void> {
  await createPayout(run, { customer_id: 'cust-unknown' });
  await run.request('POST', '/webhooks/monoova/NppPaymentStatus', { signed: false, body: {} });
  const giveBack = takeAway(run, { holder: 'ReadPayouts', action: 'dynamodb:GetItem' });
  await run.request('GET', '/payouts/txn-00000000-0000-4000-8000-000000000000');
  giveBack();
}

/** What cannot be applied goes to the queue. Gives the id of its payout. */
export async function loseWebhook(run: TestRun): Promise<string> {
  const { id } = await createPayout(run);
  const giveBack = takeAway(run, { holder: 'ReceiveWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' });
  await run.advance(WEBHOOK_MS);
  await getPayout(run, id);
  giveBack();
  return id;
}

/** A letter that cannot be applied either, and then can. */
async function findWebhookAgain(run: TestRun): Promise<void> {
  const id = await loseWebhook(run);
  const giveBack = takeAway(run, { holder: 'RetryWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' });
  await run.advance(FIRST_RECEIVE_MS);
  giveBack();
  await run.advance(SECOND_RECEIVE_MS);
  await settled(run, id);
}

/** Neither the table nor the queue takes it: it is forgotten, so that Monoova can send it again. */
async function keepNoWebhook(run: TestRun): Promise<void> {
  const giveBack = takeAway(run, { holder: 'ReceiveWebhook', action: 'sqs:SendMessage' });
  await loseWebhook(run).catch(() => {});
  giveBack();
}

/** No webhook comes for the first; the second could not be sent when it was asked for. */
async function settleByAsking(run: TestRun): Promise<void> {
  const silent = await createPayout(run, { customer_id: 'cust-demo-no-webhook' });
  const takeBack = run.simulator?.script(() => true, 'throttled', { on: 'execute' });
  const unsent = await createPayout(run, { customer_id: 'cust-demo-instant' });
  takeBack?.();
  await run.advance(FIRST_WAIT_MS);
  await settled(run, silent.id);
  await settled(run, unsent.id);
}

/** What a look-up learns of the key is for everybody to know. */
async function doubtTheKey(run: TestRun): Promise<void> {
  const forbidden = { kind: 'verbatim', httpStatus: 403, headers: {}, body: '' } as const;
  const takeBack = run.simulator?.script('*', { answer: forbidden }, { on: 'status' });
  const { id } = await createPayout(run, { customer_id: 'cust-demo-lost-response' });
  await run.advance(FIRST_WAIT_MS);
  takeBack?.();
  await run.advance(KEY_RESTED_MS);
  await settled(run, id);
}

const WATCH = 'payouts-dev-watch-payouts';
/** The schedule of the watch, and a little. */
const WATCHED_MS = 15 * 60_000 + 1_000;

/** As in a stage that says which mAccount pays; the second answer casts a doubt on the key. */
async function watchTheBalance(run: TestRun): Promise<void> {
  const described = run.lambda.describe(WATCH);
  const environment = { ...described.environment, MACCOUNT_TOKEN: '6279059718394711' };
  run.lambda.publishVersion(WATCH, '2', { ...described, environment });
  // A start takes longer than the clock waits.
  await run.lambda.warm();
  run.lambda.setAlias(WATCH, 'live', '2');
  await run.advance(WATCHED_MS);
  const forbidden = { kind: 'verbatim', httpStatus: 403, headers: {}, body: '' } as const;
  run.simulator?.script('*', { answer: forbidden }, { on: 'financials', times: 1 });
  await run.advance(WATCHED_MS);
  run.lambda.setAlias(WATCH, 'live', '1');
  // Days pass from here on.
  run.scheduler.disable('payouts-dev-watch');
  await run.advance(KEY_RESTED_MS);
}

/** Somebody claimed another guard and could not start it: the one that is there does, once days have passed. */
async function claimForNobody(run: TestRun): Promise<void> {
  const { id } = await createPayout(run, { customer_id: 'cust-demo-error' });
  await editRecord(run, id, { guards: { N: '2' } });
}

export async function escalate(run: TestRun): Promise<void> {
  const request = { key: null, customer_id: 'cust-demo-error', description: 'asked for again days later' };
  const { id } = await createPayout(run, request);
  await run.advance(ESCALATED_MS);
  await run.until(() => (guardOf(run, id).status === 'FAILED' ? true : undefined));
  // Long after the window of requests without a key, and nobody knows yet how it ended: paid again it could be paid twice.
  expect(await createPayout(run, request)).toMatchObject({ status: 202, id });
}

/** A day on which nobody could ask Monoova how a payment ended, and a record was lost. */
async function repairAndRebuild(run: TestRun): Promise<void> {
  const lost = await createPayout(run, { customer_id: 'cust-demo-instant' });
  await deleteRecord(run, lost.id);
  const takeBack = run.simulator?.script('*', 'unavailable', { on: 'status' });
  const silent = await createPayout(run, { customer_id: 'cust-demo-no-webhook' });
  await run.advance(GROWN_MS);
  takeBack?.();
  await pause(run);
  await reconcile(run, { from: todayOf(run), to: todayOf(run), rebuild: true });
  await resume(run);
  await getPayout(run, lost.id);
  await settled(run, silent.id);
  await watchOverOpen(run);
  // A key that the books refuse is refused for everybody, until somebody says otherwise.
  run.simulator?.script('*', { answer: { kind: 'verbatim', httpStatus: 401, headers: {}, body: '' } }, ON_STATEMENT);
  await reconcile(run, { from: todayOf(run), to: todayOf(run) });
  await resume(run);
}

/** A payout that could not be sent yet: reconciliation asks whether its guard runs. */
async function watchOverOpen(run: TestRun): Promise<void> {
  const takeBack = run.simulator?.script(() => true, 'throttled', { on: 'execute' });
  await createPayout(run, { customer_id: 'cust-demo-instant' });
  await run.advance(GROWN_MS);
  await reconcile(run, { from: todayOf(run), to: todayOf(run) });
  takeBack?.();
}

const ON_STATEMENT = { on: 'statement', times: 1 } as const;

export function guardOf(run: TestRun, id: string) {
  return run.stepFunctions.describeExecution(
    `arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement:${id}`,
  );
}
