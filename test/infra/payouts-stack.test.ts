import { describe, expect, it } from 'vitest';
import { INVOCATION_MS } from '../../functions/check-settlement/handler.ts';
import { FUNCTION_NAMES, folderOf } from '../../infra/function-names.ts';
import { STAGES } from '../../infra/stages.ts';
import { actionsOn, at, resourceAt, resourcesOf, statementsOf, synthesised } from './synthesis.ts';

const template = synthesised(STAGES.dev);
const functions = resourcesOf(template, 'AWS::Lambda::Function');
const logGroups = resourcesOf(template, 'AWS::Logs::LogGroup');
const roles = resourcesOf(template, 'AWS::IAM::Role').map(({ logicalId }) => logicalId);
type Index = {
  readonly IndexName: string;
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes: readonly string[] };
};
const role = (name: string) => `Functions${name}Role`;

describe('every function', () => {
  it.each(functions)('$logicalId writes to a log group of its own', ({ Properties }) => {
    const logGroup = String(at(Properties, 'LoggingConfig', 'LogGroup', 'Ref'));
    const { LogGroupName: name } = template.Resources[logGroup]?.Properties ?? {};
    expect(name).toBe(`/aws/lambda/${Properties['FunctionName']}`);
  });

  it.each(FUNCTION_NAMES)('%s is told exactly the variables that it reads', async (name) => {
    const { environmentSchema } = await import(`../../functions/${folderOf(name)}/environment.ts`);
    const { Properties } = resourceAt(template, 'AWS::Lambda::Function', `Functions${name}Function`);
    const variables = Object.keys(Object(at(Properties, 'Environment', 'Variables')));
    expect(variables.toSorted()).toEqual([...Object.keys(environmentSchema.shape), 'NODE_OPTIONS'].toSorted());
  });

  it('may run for as long as its handler counts with', () => {
    const { Properties } = resourceAt(template, 'AWS::Lambda::Function', 'FunctionsCheckSettlementFunction');
    expect(Number(Properties['Timeout']) * 1000).toBe(INVOCATION_MS);
  });

  it('bears its own name', () => {
    const names = functions.map(({ Properties }) => String(Properties['FunctionName']));
    expect(names.toSorted()).toEqual([
      'payouts-dev-check-settlement',
      'payouts-dev-decrypt-destination',
      'payouts-dev-read-payouts',
      'payouts-dev-receive-webhook',
      'payouts-dev-reconcile',
      'payouts-dev-retry-webhook',
      'payouts-dev-smoke-test',
      'payouts-dev-submit-payment',
      'payouts-dev-validate-payout',
      'payouts-dev-watch-payouts',
    ]);
  });
});

describe('permissions', () => {
  it('let the other keys be used through services alone', () => {
    const uses = roles
      .flatMap((name) => statementsOf(template, name))
      .filter(
        ({ actions, Resource }) =>
          actions.some((one) => one.startsWith('kms:')) && !JSON.stringify(Resource).includes('Destinations'),
      );
    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) expect(use.Condition).toHaveProperty(['StringEquals', 'kms:ViaService']);
  });

  it.each([
    ['ValidatePayout', []],
    ['DecryptDestination', []],
    ['SubmitPayment', ['SecretsApiKey']],
    ['CheckSettlement', ['SecretsApiKey']],
    ['ReceiveWebhook', ['SecretsWebhook']],
    ['ReadPayouts', []],
    ['Reconcile', ['SecretsApiKey']],
  ])('let %s read exactly its own secrets', (name, secrets) => {
    const readable = ['SecretsApiKey', 'SecretsWebhook'].filter(
      (one) => actionsOn(template, role(name), one).length > 0,
    );
    expect(readable).toEqual(secrets);
  });

  const GET_AND_UPDATE = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];
  it.each([
    [role('ValidatePayout'), 'TablesTransactions', ['dynamodb:GetItem']],
    [role('ValidatePayout'), 'TablesControls', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    [role('SubmitPayment'), 'TablesControls', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    [role('CheckSettlement'), 'TablesControls', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    [role('ReceiveWebhook'), 'TablesControls', []],
    ['StateMachinesPayoutSubmissionRole', 'TablesControls', GET_AND_UPDATE],
    ['StateMachinesPayoutSettlementRole', 'TablesControls', []],
    [role('DecryptDestination'), 'TablesCustomers', ['dynamodb:GetItem']],
    [role('DecryptDestination'), 'TablesTransactions', []],
    [role('SubmitPayment'), 'TablesTransactions', GET_AND_UPDATE],
    [role('CheckSettlement'), 'TablesTransactions', GET_AND_UPDATE],
    [role('ReceiveWebhook'), 'TablesTransactions', GET_AND_UPDATE],
    [role('ReadPayouts'), 'TablesTransactions', ['dynamodb:GetItem', 'dynamodb:Query']],
    [
      role('Reconcile'),
      'TablesTransactions',
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    ],
    [role('Reconcile'), 'TablesControls', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    ['StateMachinesPayoutSubmissionRole', 'TablesTransactions', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    ['StateMachinesPayoutSettlementRole', 'TablesTransactions', ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
  ])('let %s do with %s what its work needs', (roleName, table, actions) => {
    expect(actionsOn(template, roleName, table)).toEqual(actions);
  });

  it('let the machines run their own functions, and the submission start the guard alone', () => {
    const submission = 'StateMachinesPayoutSubmissionRole';
    const settlement = 'StateMachinesPayoutSettlementRole';
    const run = (machine: string) =>
      FUNCTION_NAMES.filter((name) =>
        actionsOn(template, machine, `Functions${name}Live`).includes('lambda:InvokeFunction'),
      );
    expect(run(submission)).toEqual(['ValidatePayout', 'DecryptDestination', 'SubmitPayment']);
    expect(run(settlement)).toEqual(['SubmitPayment', 'CheckSettlement']);
    expect(actionsOn(template, submission, 'StateMachinesPayoutSettlement')).toEqual(['states:StartExecution']);
    expect(actionsOn(template, settlement, 'AlarmTopic')).toEqual(['sns:Publish']);
    const reconciliation = 'StateMachinesReconciliationRole';
    expect(run(reconciliation)).toEqual(['Reconcile']);
    expect(actionsOn(template, reconciliation, 'AlarmTopic')).toEqual(['sns:Publish']);
    expect(actionsOn(template, 'ReconciliationScheduleRole', 'StateMachinesReconciliation')).toEqual([
      'states:StartExecution',
    ]);
    expect(actionsOn(template, role('Reconcile'), 'stateMachine:payouts-dev-settlement')).toEqual([
      'states:SendTaskSuccess',
      'states:StartExecution',
    ]);
  });

  it('let the API start submissions and nothing else', () => {
    const statements = statementsOf(template, 'PayoutsApiSubmissionRole');
    expect(statements.map(({ actions }) => actions)).toEqual([['states:StartSyncExecution']]);
    expect(JSON.stringify(statements[0]?.Resource)).toContain('StateMachinesPayoutSubmission');
  });

  it('let five functions ring the doorbell of the guard', () => {
    const ringers = FUNCTION_NAMES.filter((name) =>
      actionsOn(template, role(name), 'stateMachine:payouts-dev-settlement').includes('states:SendTaskSuccess'),
    );
    expect(ringers).toEqual(['SubmitPayment', 'CheckSettlement', 'ReceiveWebhook', 'RetryWebhook', 'Reconcile']);
  });
});

describe('what is stored', () => {
  it('is projected into no index with its ciphertext, token or history', () => {
    const { Properties } = resourceAt(template, 'AWS::DynamoDB::Table', 'TablesTransactions');
    const indexes = Properties['GlobalSecondaryIndexes'] as readonly Index[];
    expect(indexes.map(({ IndexName }) => IndexName)).toEqual([
      'UniqueReferenceIndex',
      'CustomerIndex',
      'DayIndex',
      'OpenPayoutsIndex',
    ]);
    for (const { Projection } of indexes) {
      expect(Projection.ProjectionType).toBe('INCLUDE');
      expect(Projection.NonKeyAttributes.length).toBeLessThanOrEqual(20);
      expect(Projection.NonKeyAttributes).not.toEqual(expect.arrayContaining(['destination_ciphertext']));
      expect(Projection.NonKeyAttributes).not.toEqual(expect.arrayContaining(['task_token']));
      expect(Projection.NonKeyAttributes).not.toEqual(expect.arrayContaining(['history']));
    }
  });

  it.each([
    ['TablesControls', 'expires_at'],
    ['TablesIdempotency', 'expiration'],
  ])('expires in %s by %s', (table, attribute) => {
    const { TimeToLiveSpecification } = resourceAt(template, 'AWS::DynamoDB::Table', table).Properties;
    expect(TimeToLiveSpecification).toEqual({ AttributeName: attribute, Enabled: true });
  });

  it('can be encrypted by CloudWatch Logs for the log groups of this stage alone', () => {
    const { Properties } = resourceAt(template, 'AWS::KMS::Key', 'KeysTelemetryKey');
    const statements = at(Properties, 'KeyPolicy', 'Statement') as { readonly Sid?: string }[];
    const logs = statements.find(({ Sid }) => Sid === 'LogGroups');
    const patterns = JSON.stringify(at(logs, 'Condition', 'ArnLike', 'kms:EncryptionContext:aws:logs:arn'));
    for (const { Properties: group } of logGroups) {
      const name = typeof group['LogGroupName'] === 'string' ? group['LogGroupName'] : 'API-Gateway-Execution-Logs_';
      const prefixes = [...patterns.matchAll(/log-group:([^"*]*)/g)].map(([, prefix = '']) => prefix);
      expect(prefixes.some((prefix) => name.startsWith(prefix))).toBe(true);
    }
  });

  it('feeds waiting webhooks to one function, longer invisible than it may take, and to a person after five receives', () => {
    const { Properties: retry, logicalId } = resourceAt(template, 'AWS::SQS::Queue', 'WebhookQueueRetry');
    const { logicalId: deadLetters } = resourceAt(template, 'AWS::SQS::Queue', 'WebhookQueueDeadLetters');
    expect(retry).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] }, maxReceiveCount: 5 },
    });
    const { Properties: feed } = resourceAt(template, 'AWS::Lambda::EventSourceMapping', 'WebhookQueueFeed');
    const { Properties: consumer } = resourceAt(template, 'AWS::Lambda::Function', 'FunctionsRetry');
    expect(feed).toEqual({
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': [logicalId, 'Arn'] },
      FunctionName: expect.anything(),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(JSON.stringify(feed['FunctionName'])).toMatch(/FunctionsRetryWebhookLive.*":live"/);
    expect(Number(retry['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * Number(consumer['Timeout']));
    expect(at(consumer, 'Environment', 'Variables', 'RECEIVES_MAX')).toBe('5');
  });

  it('tells the command line where everything is', () => {
    const { Properties } = resourceAt(template, 'AWS::SSM::Parameter', 'Resources');
    const text = (at(Properties, 'Value', 'Fn::Join', 1) as unknown[])
      .map((part) => (typeof part === 'string' ? part : 'x'))
      .join('');
    expect(Properties['Name']).toBe('/payouts/dev/resources');
    expect(Object.keys(JSON.parse(text)).toSorted()).toEqual([
      'alarm_topic_arn',
      'api_id',
      'api_key_secret',
      'api_url',
      'client_methods',
      'controls_table',
      'customers_table',
      'daily_customer_limit_cents',
      'daily_stage_limit_cents',
      'destinations_key_arn',
      'monoova_environment',
      'monoova_hosts',
      'reconciliation_state_machine_arn',
      'region',
      'requests_burst',
      'requests_per_second',
      'settlement_state_machine_arn',
      'submission_log_group',
      'submission_state_machine_arn',
      'transactions_table',
      'webhook_dead_letter_queue_url',
      'webhook_retry_queue_url',
      'webhook_secret',
    ]);
    expect(JSON.parse(text).api_url).not.toMatch(/\/$/);
  });
});
