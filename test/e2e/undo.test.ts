import { SFNClient, UpdateStateMachineAliasCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { STATUS_MESSAGES } from '../../domain/payout-view.ts';
import { guardOf, tryDeployment, WEBHOOK_MS } from '../iam/scenarios.ts';
import { takeAway } from '../iam/template-without.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, settled } from '../support/payouts.ts';

const run = useLocalRun();
const payouts = (...args: string[]) =>
  runCommand(args, { env: { AWS_ENDPOINT_URL: run().awsUrl }, nowMs: run().clock.nowMs() });

describe('close-api', () => {
  it('lets no client through, and every webhook, until open-api', async () => {
    const { id } = await createPayout(run());
    const closed = await payouts('close-api');
    expect(closed).toMatchObject({ code: 0, out: expect.stringContaining('429 from /payouts/POST, /payouts/GET') });

    const refused = await createPayout(run());
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect((await run().request('GET', `/payouts/${id}`)).status).toBe(429);
    expect((await run().request('GET', '/payouts?customer_id=cust-demo-payid')).status).toBe(429);
    expect((await run().request('GET', '/health')).status).toBe(200);
    await run().advance(WEBHOOK_MS);
    const told = await run().until(() =>
      run()
        .simulator?.webhooks()
        .find((one) => id.endsWith(one.uniqueReference)),
    );
    expect(told).toMatchObject({ statusCode: 200 });

    expect((await payouts('open-api')).out).toContain('100 requests a second, 200 at once');
    expect((await settled(run(), id)).status).toBe('Completed');
    expect((await createPayout(run())).status).toBe(202);
  });

  it('says where nothing had to be changed', async () => {
    expect((await payouts('open-api')).out).toContain('as before; nothing was changed');
    await payouts('close-api');
    expect((await payouts('close-api')).out).toContain('as before; nothing was changed');
    await payouts('open-api');
  });
});

const FUNCTION = 'payouts-dev-validate-payout';
const SUBMISSION = 'payouts-dev-submission';
const LIVE_VERSIONS = '/payouts/dev/live-versions';
const NEW_MESSAGE = 'As the new version says it.';

const settings = () => ({
  endpoint: run().awsUrl,
  region: 'ap-southeast-2',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

/** What a deployment changes: one function, which now takes a cent at most, one machine, and the parameter that keeps them together. */
async function deployAnother(): Promise<void> {
  const { lambda, stepFunctions } = run();
  const described = lambda.describe(FUNCTION);
  const environment = { ...described.environment, AMOUNT_MAX_CENTS: '1' };
  lambda.publishVersion(FUNCTION, '2', { ...described, environment });
  lambda.setAlias(FUNCTION, 'live', '2');

  const sfn = new SFNClient(settings());
  const machine = stepFunctions.listStateMachines().find(({ name }) => name === SUBMISSION);
  const stateMachineArn = machine?.stateMachineArn ?? '';
  const definition = machine?.definitionText.replaceAll(STATUS_MESSAGES.Pending, NEW_MESSAGE);
  const { stateMachineVersionArn } = await sfn.send(
    new UpdateStateMachineCommand({ stateMachineArn, definition, publish: true }),
  );
  const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
  const stateMachineAliasArn = `${stateMachineArn}:live`;
  await sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration }));

  const ssm = new SSMClient(settings());
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: LIVE_VERSIONS }));
  const before = JSON.parse(Parameter?.Value ?? '');
  const machines = before.machines.map((arn: string) => (arn.includes(SUBMISSION) ? stateMachineVersionArn : arn));
  const Value = JSON.stringify({ ...before, functions: { ...before.functions, [FUNCTION]: '2' }, machines });
  await ssm.send(new PutParameterCommand({ Name: LIVE_VERSIONS, Value, Overwrite: true }));
}

describe('smoke', () => {
  const smoke = (customer: string, ...more: string[]) => payouts('smoke', '--customer-id', customer, ...more);

  it('pays a cent, tells its story, and ends with 0 where it is paid', async () => {
    const { code, out } = await smoke('cust-demo-instant');
    expect(code).toBe(0);
    expect(out).toContain('0.01 AUD');
    expect(out).toContain('Completed');
  });

  it('ends with 1 where it is not paid in time, or not paid at all', async () => {
    const late = await smoke('cust-demo-no-webhook', '--wait-seconds', '0.5');
    expect(late).toMatchObject({ code: 1, err: expect.stringMatching(/smoke payout txn-\S+ is Pending after 0.5 s/) });
    const declined = await smoke('cust-demo-no-funds');
    expect(declined).toMatchObject({ code: 1, err: expect.stringContaining('422') });
    const unknown = await smoke('cust-nobody');
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('400') });
  });

  it('says what can be typed', async () => {
    expect(await smoke('cust-demo-instant', '--wait-seconds', 'x')).toMatchObject({ code: 2 });
  });
});

describe('the hook of a deployment', () => {
  const GROUP = 'payouts-dev-read-payouts';

  it('lets it go on where every new version does what it must', async () => {
    expect(await tryDeployment(run(), GROUP)).toBe('Succeeded');
  });

  it('stops it where one lacks a variable', async () => {
    const described = run().lambda.describe(FUNCTION);
    const { AMOUNT_MAX_CENTS: _missing, ...environment } = described.environment;
    run().lambda.publishVersion(FUNCTION, '1', { ...described, environment });
    expect(await tryDeployment(run(), GROUP)).toBe('Failed');
    run().lambda.publishVersion(FUNCTION, '1');
    expect(await tryDeployment(run(), GROUP)).toBe('Succeeded');
  });

  it.each([
    { holder: 'DecryptDestination', action: 'dynamodb:GetItem' },
    { holder: 'SubmitPayment', action: 'dynamodb:GetItem', resource: 'transactions' },
    { holder: 'CheckSettlement', action: 'dynamodb:GetItem', resource: 'controls' },
    { holder: 'ReadPayouts', action: 'dynamodb:GetItem' },
    { holder: 'Reconcile', action: 'dynamodb:GetItem', resource: 'controls' },
  ])('stops it where $holder may not $action', async (grant) => {
    const giveBack = takeAway(run(), grant);
    expect(await tryDeployment(run(), GROUP)).toBe('Failed');
    giveBack();
  });
});

describe('rollback', () => {
  it('refuses where nothing was deployed before', async () => {
    const { code, err } = await payouts('rollback');
    expect(code).toBe(1);
    expect(err).toContain('nothing is known from before the last deployment of dev: nothing was moved');
  });

  it('lets functions and machines go on as before the last deployment, and what runs end by what it was started with', async () => {
    await deployAnother();
    const tooMuch = await createPayout(run());
    expect(tooMuch).toMatchObject({ status: 400 });
    const started = await createPayout(run(), { amount: 0.01 });
    expect(started).toMatchObject({ status: 202, body: { message: NEW_MESSAGE } });

    const { code, out } = await payouts('rollback');
    expect(code).toBe(0);
    expect(out).toMatch(/payouts-dev-validate-payout +2 → 1\n/);
    expect(out).toMatch(/payouts-dev-submission +2 → 1\n/);
    expect(out).toMatch(/payouts-dev-submit-payment +1 as before\n/);

    expect(await createPayout(run())).toMatchObject({ status: 202, body: { message: STATUS_MESSAGES.Pending } });
    await run().advance(WEBHOOK_MS);
    expect((await settled(run(), started.id)).status).toBe('Completed');
    await run().until(() => (guardOf(run(), started.id).status === 'SUCCEEDED' ? true : undefined));
  });

  it('changes nothing when it is asked for again', async () => {
    const { code, out } = await payouts('rollback');
    expect(code).toBe(0);
    expect(out).toContain('All of it was so before: nothing was changed.');
    expect((await createPayout(run())).status).toBe(202);
  });
});
