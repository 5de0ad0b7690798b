import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CredentialStore } from '../../local/aws/credentials.ts';
import { DynamoDbService } from '../../local/aws/dynamodb/service.ts';
import { KmsService } from '../../local/aws/kms/service.ts';
import { LogsService } from '../../local/aws/logs/service.ts';
import { verifySigV4 } from '../../local/aws/sigv4.ts';
import { SsmService } from '../../local/aws/ssm/service.ts';
import { StsService } from '../../local/aws/sts/service.ts';
import { ShiftableClock } from '../../local/clock.ts';
import type { JsonObject } from '../../local/json.ts';
import { createStepFunctions, type StepFunctions, type TaskRunner } from '../../local/step-functions/engine.ts';
import { createStepFunctionsService } from '../../local/step-functions/wire.ts';
import { type Served, serve } from '../local/aws/serve.ts';

export const TRANSACTIONS = 'transactions-dev';
export const CUSTOMERS = 'customers-dev';
export const CONTROLS = 'controls-dev';
export const SUBMISSION_LOG_GROUP = '/aws/vendedlogs/states/payout-submission-dev';

export type ApiCall = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What the signature's check said. */
  readonly isSigned: boolean;
};
export type ApiReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type LocalRun = {
  /** The environment of a command that is to find this run. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: ShiftableClock;
  readonly dynamodb: DynamoDbService;
  readonly kms: KmsService;
  readonly ssm: SsmService;
  readonly keyArn: string;
  readonly engine: StepFunctions;
  readonly api: { reply: (call: ApiCall) => ApiReply | 'drop the connection'; readonly calls: ApiCall[] };
  readonly resources: JsonObject;
  close(): Promise<void>;
};

/** The services that the command line speaks to, over real sockets: AWS as far as it is used, and an API that verifies signatures. */
export async function startLocalRun(runTask: TaskRunner = async () => ({})): Promise<LocalRun> {
  const clock = new ShiftableClock();
  const [dynamodb, kms, ssm, logs] = [
    new DynamoDbService({ clock }),
    new KmsService({ clock }),
    new SsmService({ clock }),
    new LogsService({ clock }),
  ];
  const engine = createStepFunctions({
    clock,
    newId: randomUUID,
    random: Math.random,
    runTask,
    publishLog: ({ logGroupName, event, timestampMs }) =>
      logs.put(logGroupName, 'states', JSON.stringify(event), timestampMs),
    accountId: '000000000000',
    region: 'ap-southeast-2',
  });
  logs.createGroup(SUBMISSION_LOG_GROUP);
  await createTable(dynamodb, TRANSACTIONS, 'transaction_id');
  await createTable(dynamodb, CUSTOMERS, 'customer_id');
  await createTable(dynamodb, CONTROLS, 'id');
  const keyArn = kms.createKey({ keyId: randomUUID(), description: '', isEnabled: true }).arn;
  const served = await serve([dynamodb, kms, ssm, logs, new StsService(), createStepFunctionsService(engine)], clock);
  const api: LocalRun['api'] = { reply: () => ({ status: 500, body: {} }), calls: [] };
  const apiServer = await serveApi(api, served.credentials, clock);
  const resources = resourcesOf(apiServer, keyArn);
  await putResources(ssm, served, resources);
  return {
    env: { AWS_ENDPOINT_URL: served.settings.endpoint },
    clock,
    dynamodb,
    kms,
    ssm,
    keyArn,
    engine,
    api,
    resources,
    async close() {
      apiServer.closeAllConnections();
      await new Promise((done) => apiServer.close(done));
      await served.close();
      await dynamodb.close();
    },
  };
}

function resourcesOf(apiServer: Server, keyArn: string): JsonObject {
  return {
    api_url: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}/dev`,
    region: 'ap-southeast-2',
    api_id: 'api1234567',
    client_methods: '/payouts/POST',
    requests_per_second: 100,
    requests_burst: 200,
    transactions_table: TRANSACTIONS,
    customers_table: CUSTOMERS,
    controls_table: CONTROLS,
    destinations_key_arn: keyArn,
    settlement_state_machine_arn: 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:payout-settlement-dev',
    reconciliation_state_machine_arn: 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:reconciliation-dev',
    submission_log_group: SUBMISSION_LOG_GROUP,
    api_key_secret: 'monoova/dev/api-key',
    webhook_secret: 'monoova/dev/webhook',
    monoova_environment: 'sandbox',
    monoova_hosts: 'api.m-pay.com.au,loopback',
    daily_stage_limit_cents: 1_000_000,
    daily_customer_limit_cents: 100_000,
    webhook_dead_letter_queue_url: 'http://127.0.0.1/000000000000/dead-letters',
  };
}

async function putResources(ssm: SsmService, { credentials }: Served, resources: JsonObject): Promise<void> {
  const principal = credentials.find('local');
  if (!principal) throw new Error('the local account has no root');
  const input = { Name: '/payouts/dev/resources', Type: 'String', Value: JSON.stringify(resources) };
  await ssm.handle({ action: 'PutParameter', input, principal });
}

function createTable(dynamodb: DynamoDbService, TableName: string, key: string): Promise<void> {
  const KeySchema = [{ AttributeName: key, KeyType: 'HASH' }];
  const AttributeDefinitions = [{ AttributeName: key, AttributeType: 'S' }];
  return dynamodb.createTable({
    table: { TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' },
  });
}

async function serveApi(api: LocalRun['api'], credentials: CredentialStore, clock: ShiftableClock): Promise<Server> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const body = Buffer.concat(chunks);
    const signed = { method, path: url, headers, body };
    const verdict = verifySigV4(signed, credentials, { service: 'execute-api', nowMs: clock.nowMs() });
    const call = { method, url, headers, body: body.toString('utf8'), isSigned: verdict.ok };
    api.calls.push(call);
    const reply = api.reply(call);
    if (reply === 'drop the connection') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}
