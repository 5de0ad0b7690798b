import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../domain/reconciliation.ts';
import { referenceOfKey, transactionIdOf } from '../../domain/reference.ts';
import { addDays } from '../../domain/sydney-day.ts';
import type { JsonObject } from '../../local/json.ts';
import { takeAway } from '../iam/template-without.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, uniqueKey } from '../support/payouts.ts';
import {
  advanceTo,
  copyOfTable,
  deleteRecord,
  editRecord,
  GROWN_MS,
  guardOf,
  namedIn,
  pause,
  payBySomebodyElse,
  postsOf,
  putRecord,
  readRecord,
  reconcile,
  resume,
  stopGuard,
  todayOf,
  toldBy,
  whileTimePasses,
} from '../support/reconciliation.ts';

const TEN_MINUTES_MS = 600_000;
const WEBHOOK_LOST_MS = 32_000;
const TIMEOUT_MS = 60_000;
const NOWHERE = { url: 'http://127.0.0.1:9/webhooks', token: 'x' };

describe('the reconciliation of a day on which everything went wrong', { timeout: TIMEOUT_MS }, () => {
  const run = useLocalRun();

  const pay = async (customer: string, key = uniqueKey()) =>
    (await createPayout(run(), { customer_id: `cust-demo-${customer}`, key })).id;
  /** Monoova has it and never says how it ended. */
  const payForEver = async () => {
    const key = uniqueKey();
    run().simulator?.script(referenceOfKey(key), 'never-final');
    return pay('payid', key);
  };
  /** No guard, no call: recorded, and nothing more. */
  const payWithoutGuard = async () => {
    const giveBack = takeAway(run(), { holder: 'PayoutSubmissionRole', action: 'states:StartExecution' });
    const id = await pay('instant');
    giveBack();
    return id;
  };
  /** As the simulator saw it: no try was answered with 200. On a busy machine there may be more than were planted. */
  const undeliveredWebhooks = () => {
    const tries = Map.groupBy(run().simulator?.webhooks() ?? [], ({ webhookId }) => webhookId);
    return [...tries]
      .filter(([, all]) => all.every(({ statusCode }) => statusCode !== 200))
      .map(([id, [first]]) => ({ id: `webhook ${id}`, what: `txn-${first?.uniqueReference} ${first?.eventName}` }))
      .toSorted((one, other) => one.id.localeCompare(other.id));
  };
  const webhookUrl = () => ({ url: `${run().apiUrl}/webhooks/monoova`, token: 'local-webhook-token' });

  it('finds every plant, repairs what has proof, leaves the rest alone, and raises no false alarm', async () => {
    await advanceTo(run(), `${addDays(todayOf(run()), 1)}T12:00:00`);
    const today = todayOf(run());

    // What is well.
    for (const customer of ['instant', 'payid', 'bank', 'rejected', 'returned', 'no-webhook', 'lost-response']) {
      await pay(customer);
    }
    expect((await createPayout(run(), { customer_id: 'cust-demo-no-funds' })).status).toBe(422);

    // Plants that need time to grow.
    const [late, ours, other, differing, dearer, failed] = [
      await pay('payid'),
      await pay('bank'),
      await pay('rejected'),
      await payForEver(),
      await pay('instant'),
      await pay('instant'),
    ];
    const vanished = await pay('instant');
    const [unwatched, unknownOutcome, owned] = [await payForEver(), await payForEver(), await payForEver()];
    const unguarded = await payWithoutGuard();
    const unfound = await pay('error');
    // Whatever webhooks these bring have come.
    await run().advance(10_000);
    run().simulator?.subscribe(NOWHERE);
    const undelivered = await pay('payid');
    const returnedUnheard = await pay('returned');
    await run().advance(WEBHOOK_LOST_MS + 6_000);
    run().simulator?.subscribe(webhookUrl());
    const orphan = transactionIdOf(referenceOfKey(uniqueKey()));
    await payBySomebodyElse(run(), orphan.slice('txn-'.length));
    await payBySomebodyElse(run(), randomUUID());
    await payBySomebodyElse(run(), 'INV-2026-17');
    await run().advance(TEN_MINUTES_MS);

    // Wrong statuses: a webhook that nobody got, and hands that changed what they should not.
    await editRecord(run(), late, { status: { S: 'Pending' }, open: { S: 'open' }, history: { L: [] } });
    await editRecord(run(), ours, { status: { S: 'Rejected' }, history: { L: [] } });
    await editRecord(run(), other, { status: { S: 'Completed' }, history: { L: [] } });
    await editRecord(run(), differing, { status: { S: 'Completed' } }, ['open', 'task_token']);
    await editRecord(run(), dearer, { amount_cents: { N: '1235' } });
    await editRecord(run(), failed, { status: { S: 'Failed' }, posts: { N: '0' }, history: { L: [] } });
    // Vanished rows, here and there.
    const row = await readRecord(run(), vanished);
    await deleteRecord(run(), vanished);
    const invented = transactionIdOf(referenceOfKey(uniqueKey()));
    await putRecord(run(), { ...row, transaction_id: { S: invented }, uniqueReference: { S: invented.slice(4) } });
    // Closed guards; one payout is a person's already, and of one nobody knows that Monoova has it.
    stopGuard(run(), unwatched);
    stopGuard(run(), owned);
    await editRecord(run(), owned, { escalated_round: { N: '0' } });
    await editRecord(run(), unknownOutcome, { history: { L: [] } }, ['received', 'monoova_transaction_id']);
    // Young payouts: their submission, webhook or guard may still be under way.
    const young = await payForEver();
    stopGuard(run(), young);
    const newest = await pay('no-webhook');
    await run().advance(2_000);

    const lost = undeliveredWebhooks();
    expect(lost.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        `${undelivered} NppPaymentStatus`,
        `${returnedUnheard} NppPaymentStatus`,
        `${returnedUnheard} NppReturn`,
      ]),
    );
    const report = await reconcile(run(), { from: today, to: today });

    const named = Object.fromEntries(
      Object.keys(report.named).map((what) => [what, namedIn(report, what as keyof typeof report.named)]),
    );
    expect(named).toEqual({
      orphan: [orphan, vanished].toSorted(),
      conflict: [ours, other, dearer, failed].toSorted(),
      'unknown-at-monoova': [invented],
      'status-differs': [differing],
      escalated: [owned],
      'not-found-yet': [unfound],
      repaired: [late],
      noted: [unknownOutcome],
      'guard-started': [unguarded, unwatched].toSorted(),
      'webhook-resent': lost.map(({ id }) => id),
    });
    expect(report).toMatchObject({ is_complete: true, needs_person: true, incomplete: [] });
    expect(report.checked).toMatchObject({ foreign: 2 });
    expect(report.checked.young).toBeGreaterThanOrEqual(2);

    await run().advance(1_000);
    expect(await getPayout(run(), late)).toMatchObject({ status: 'Completed' });
    expect((await getPayout(run(), late)).history.at(-1)).toMatchObject({
      source: 'reconciliation',
      event: 'completed',
    });
    expect(await getPayout(run(), failed)).toMatchObject({ status: 'Completed', conflict: true });
    expect(await getPayout(run(), returnedUnheard)).toMatchObject({ status: 'Returned' });
    expect(guardOf(run(), unwatched, '-2')).toMatchObject({ status: 'RUNNING' });
    expect(guardOf(run(), unguarded)).toMatchObject({ status: 'RUNNING' });
    for (const id of [owned, young]) expect(guardOf(run(), id, '-2')).toBeUndefined();
    for (const id of [young, newest, owned]) expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });

    const told = toldBy(run()).filter((message) => message.includes(report.name));
    expect(told).toHaveLength(1);
    for (const id of [orphan, vanished, ours, invented, differing, owned]) expect(told[0]).toContain(id);
    expect(told[0]).toContain(`payouts --stage dev reconcile --execution ${report.name}`);
    expect(told[0]).not.toContain('INV-2026-17');

    // A second run repairs nothing twice, and tells again what a person has not yet ended.
    await run().advance(GROWN_MS);
    const again = await reconcile(run(), { from: today, to: today });
    expect(namedIn(again, 'repaired')).not.toContain(late);
    expect(namedIn(again, 'guard-started')).not.toContain(unwatched);
    expect(again.named['webhook-resent']).toBeUndefined();
    expect(namedIn(again, 'orphan')).toEqual(namedIn(report, 'orphan'));
    expect(namedIn(again, 'conflict')).toEqual(expect.arrayContaining([other, dearer].toSorted()));

    // What was recorded without a guard was never sent: its new guard sends it, once.
    expect(postsOf(run(), unguarded)).toBe(1);
    expect(await getPayout(run(), unguarded)).toMatchObject({ status: 'Completed' });
  });
});

describe('the days of a reconciliation', { timeout: TIMEOUT_MS }, () => {
  const run = useLocalRun({ withSchedules: true });
  // Days pass, and every quarter of an hour of them would be watched.
  beforeAll(() => run().scheduler.disable('payouts-dev-watch'));

  it('are those of Sydney, with one day of overlap on either side', async () => {
    const day = addDays(todayOf(run()), 2);
    await advanceTo(run(), `${addDays(day, -2)}T23:59:00`);
    const [tooEarly, before, within, after, tooLate] = Array.from({ length: 5 }, () => referenceOfKey(uniqueKey()));
    await payBySomebodyElse(run(), String(tooEarly));
    await advanceTo(run(), `${addDays(day, -1)}T00:00:05`);
    await payBySomebodyElse(run(), String(before));
    await advanceTo(run(), `${day}T00:00:05`);
    await payBySomebodyElse(run(), String(within));
    // Recorded in the last minute of the day, sent and lost after midnight.
    await advanceTo(run(), `${day}T23:59:55`);
    const key = uniqueKey();
    run().simulator?.script(referenceOfKey(key), 'lands-late');
    const { id: sentAfterMidnight } = await createPayout(run(), { key });
    await advanceTo(run(), `${addDays(day, 1)}T00:03:00`);
    await payBySomebodyElse(run(), String(after));
    await deleteRecord(run(), sentAfterMidnight);
    await advanceTo(run(), `${addDays(day, 2)}T00:00:05`);
    await payBySomebodyElse(run(), String(tooLate));
    const report = await reconcile(run(), { from: day, to: day });
    const expected = [before, within, after].map((reference) => `txn-${reference}`);
    expect(namedIn(report, 'orphan')).toEqual([...expected, sentAfterMidnight].toSorted());
  });

  it('are yesterday where nobody asks for others, as the schedule does every morning', async () => {
    await advanceTo(run(), `${addDays(todayOf(run()), 1)}T12:00:00`);
    const orphan = referenceOfKey(uniqueKey());
    await payBySomebodyElse(run(), orphan);
    const before = toldBy(run()).length;
    await advanceTo(run(), `${addDays(todayOf(run()), 1)}T05:31:00`);
    const told = await run().until(() =>
      toldBy(run())
        .slice(before)
        .find((message) => message.includes(orphan)),
    );
    const yesterday = addDays(todayOf(run()), -1);
    expect(told).toContain(`The reconciliation of ${yesterday} to ${yesterday} (stage dev) needs a person.`);
  });

  it.each([
    [{ from: '2026-01-02', to: '2026-01-01' }, '2026-01-02 is after 2026-01-01.'],
    [{ from: '2026-01-01', to: '2026-02-01' }, '32 days are asked for, and at most 31 are done.'],
    [{ to: '2999-01-01' }, 'is still to come'],
    [{ from: 'yesterday' }, 'with days as YYYY-MM-DD'],
    [{ rebuild: true }, 'run `payouts pause --restore` first'],
  ])('cannot be %j, and whoever asks is told why', async (asked, why) => {
    const told = toldBy(run()).length;
    await expect(reconcile(run(), asked)).rejects.toThrow(`FAILED: ReconciliationRefused, `);
    await expect(reconcile(run(), asked)).rejects.toThrow(why);
    expect(toldBy(run())).toHaveLength(told);
  });
});

describe('a reconciliation that cannot do all of its work', { timeout: TIMEOUT_MS }, () => {
  const run = useLocalRun();

  it('says what it has left out, does the rest, and calls a person', async () => {
    const today = todayOf(run());
    const unwatched = await pending();
    stopGuard(run(), unwatched);
    await run().advance(GROWN_MS);
    run().simulator?.script('*', 'unavailable', { on: 'status-by-date', times: 1 });
    run().simulator?.script('*', 'unavailable', { on: 'webhook-report', times: 1 });
    const report = await reconcile(run(), { from: today, to: today });
    expect(report).toMatchObject({ is_complete: false, needs_person: true });
    expect(report.incomplete).toEqual([
      `statuses of ${addDays(today, -1)}: HTTP 503, not readable`,
      `webhooks of ${addDays(today, -1)}: HTTP 503, not readable`,
    ]);
    expect(namedIn(report, 'guard-started')).toEqual([unwatched]);
    expect(toldBy(run()).at(-1)).toContain(`Left out: statuses of ${addDays(today, -1)}: HTTP 503, not readable.`);
  });

  it('goes on with the next phase where one breaks off', async () => {
    const today = todayOf(run());
    const giveBack = takeAway(run(), { holder: 'Reconcile', action: 'dynamodb:Query', resource: 'DayIndex' });
    const report = await whileTimePasses(run(), reconcile(run(), { from: today, to: today }));
    giveBack();
    expect(report.incomplete).toEqual(['looking for unknown payouts broke off: AccessDeniedException']);
    expect(report.checked.open).toBeGreaterThan(0);
  });

  it('fails where there is not even a plan, and says so', async () => {
    const giveBack = takeAway(run(), { holder: 'ReconciliationRole', action: 'lambda:InvokeFunction' });
    const failure = reconcile(run()).catch((error: Error) => error.message);
    expect(await whileTimePasses(run(), failure)).toContain('FAILED: ReconciliationBroken');
    giveBack();
    expect(toldBy(run()).at(-1)).toContain('broke off: Lambda.AWSLambdaException. Nothing was lost by it.');
  });

  async function pending(): Promise<string> {
    const key = uniqueKey();
    run().simulator?.script(referenceOfKey(key), 'never-final');
    return (await createPayout(run(), { key })).id;
  }
});

describe('the drill "A table was restored"', { timeout: TIMEOUT_MS }, () => {
  const run = useLocalRun();

  const pay = async (customer: string, key = uniqueKey()) => {
    const { id, status } = await createPayout(run(), { customer_id: `cust-demo-${customer}`, key });
    return { id, key, status };
  };

  it('rebuilds what Monoova has, repairs what was turned back, and pays nobody a second time', async () => {
    const today = todayOf(run());
    const kept = await pay('instant');
    // Recorded before the restore point, and sent after it.
    const takeBack = run().simulator?.script(() => true, 'throttled', { on: 'execute' });
    const turnedBack = await pay('instant');
    const copy = await copyOfTable(run());
    takeBack?.();
    const [completed, rejected] = [await pay('instant'), await pay('rejected')];
    const openKey = uniqueKey();
    run().simulator?.script(referenceOfKey(openKey), 'never-final');
    const open = await pay('payid', openKey);
    const returned = await pay('returned');
    await run().advance(GROWN_MS);
    expect(await getPayout(run(), turnedBack.id)).toMatchObject({ status: 'Completed' });
    expect(await getPayout(run(), returned.id)).toMatchObject({ status: 'Returned' });
    const posts = () => [kept, turnedBack, completed, rejected, returned, open].map(({ id }) => postsOf(run(), id));
    const before = posts();

    await pause(run());
    await run().advance(TEN_MINUTES_MS);
    await restore(copy);
    expect((await run().request('GET', `/payouts/${completed.id}`)).status).toBe(404);
    // Its key comes again while its record is missing: paid twice, if payouts were not paused.
    expect(await createPayout(run(), { key: completed.key })).toMatchObject({ status: 503, body: { code: 'paused' } });
    const days = ['--from', today, '--to', todayOf(run())];
    const env = { AWS_ENDPOINT_URL: run().awsUrl };
    const { code, out } = await runCommand(['reconcile', ...days, '--rebuild', '--json'], { env });
    expect(code).toBe(0);
    const report = reportSchema.parse(JSON.parse(out));

    expect(namedIn(report, 'rebuilt')).toEqual([completed, rejected, returned, open].map(({ id }) => id).toSorted());
    expect(namedIn(report, 'repaired')).toEqual([turnedBack.id]);
    expect(report).toMatchObject({ is_complete: true, needs_person: false });
    expect(await getPayout(run(), completed.id)).toMatchObject({
      status: 'Completed',
      amount: 12.34,
      destination: '••••',
      message: expect.stringContaining('was rebuilt from what Monoova knows'),
    });
    // A rejected payment is in no list with amounts.
    expect(await getPayout(run(), rejected.id)).toMatchObject({ status: 'Rejected', amount: null });
    expect(await getPayout(run(), open.id)).toMatchObject({ status: 'Pending', amount: null });
    expect(await getPayout(run(), kept.id)).toMatchObject({ status: 'Completed', customer_id: 'cust-demo-instant' });

    await resume(run());
    for (const { id, key } of [completed, rejected, open]) {
      const again = await createPayout(run(), { key });
      expect(again).toMatchObject({ status: 202, id });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      const shown: Record<string, unknown> = { ...(await getPayout(run(), id)) };
      for (const [field, value] of Object.entries(again.body)) expect(shown[field]).toEqual(value);
    }
    expect(await createPayout(run(), { key: completed.key, amount: 12.35 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    // A day later: guards have looked, and none has sent anything again.
    await run().advance(86_400_000);
    expect(posts()).toEqual(before);
    expect(await getPayout(run(), open.id)).toMatchObject({ status: 'Pending' });
    // No book of Monoova's tells of a return: its webhook, which had been received before, has come once more.
    expect(await getPayout(run(), returned.id)).toMatchObject({ status: 'Returned', returned_amount: 12.34 });
  });

  it('stops rebuilding when payouts are resumed before it has ended', async () => {
    const orphan = referenceOfKey(uniqueKey());
    await payBySomebodyElse(run(), orphan);
    await pause(run());
    // The plan finds payouts paused; the first look at the books does not.
    run().simulator?.script('*', { answerDelayMs: 1_000 }, { on: 'status-by-date', times: 1 });
    const execution = reconcile(run(), { from: todayOf(run()), to: todayOf(run()), rebuild: true });
    await run().until(() => (asked() ? true : undefined));
    await resume(run());
    await run().advance(1_000);
    const report = await execution;
    expect(namedIn(report, 'orphan')).toEqual([`txn-${orphan}`]);
    expect(report.incomplete).toEqual(['payouts were resumed before the rebuild had ended']);
    expect(await readRecord(run(), `txn-${orphan}`)).toBeUndefined();
  });

  const asked = () => run().simulator?.requests().at(-1)?.route === 'status-by-date';

  /** The table as it was: what came later is gone, and what was changed later is as it was. */
  async function restore(copy: readonly JsonObject[]): Promise<void> {
    for (const item of await copyOfTable(run())) {
      await deleteRecord(run(), String((item['transaction_id'] as { S: string }).S));
    }
    for (const item of copy) await putRecord(run(), item);
  }
});
