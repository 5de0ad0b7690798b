import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { type AnswerAws, createAwsAnswers } from '../../../local/aws/endpoint.ts';
import { AwsError, type WireRequest } from '../../../local/aws/wire.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import { LambdaService } from '../../../local/lambda/lambda-service.ts';

/** Nothing listens there: what reaches the services came as a message. */
const AWS_URL = 'http://127.0.0.1:9';
const ROLE_ARN = 'arn:aws:iam::000000000000:role/subject-role';
const SDK = pathToFileURL(createRequire(import.meta.url).resolve('@aws-sdk/client-dynamodb')).href;

const folders: string[] = [];
const calls: WireRequest[] = [];
const clock = new ShiftableClock();
const credentials = new CredentialStore();
let service: LambdaService;
let answerAws: AnswerAws;

const dynamodb = {
  signingNames: ['dynamodb'],
  handle: async (request: WireRequest) => {
    calls.push(request);
    const { TableName } = request.input;
    if (TableName === 'nowhere') throw new AwsError('ResourceNotFoundException', 'there is no such table');
    return { Item: { name: { S: 'Zoë' } } };
  },
};

beforeEach(() => {
  calls.length = 0;
  answerAws = createAwsAnswers({ services: [dynamodb], credentials, clock });
  service = new LambdaService({
    clock,
    credentials,
    region: 'ap-southeast-2',
    awsUrl: AWS_URL,
    answerAws: (request) => answerAws(request),
    newId: () => 'request-1',
    putLog: () => undefined,
  });
});
afterEach(async () => {
  await service.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs a function whose module is `code`, after the import of a stock client as `sdk`. */
async function invoke(code: string, event: unknown = {}) {
  const codeDirectory = mkdtempSync(join(tmpdir(), 'lambda-'));
  folders.push(codeDirectory);
  writeFileSync(join(codeDirectory, 'index.mjs'), `import * as sdk from ${JSON.stringify(SDK)};\n${code}`);
  service.add({
    name: 'subject',
    arn: 'arn:aws:lambda:ap-southeast-2:000000000000:function:subject',
    roleArn: ROLE_ARN,
    codeDirectory,
    handler: 'index.handler',
    timeoutMs: 10_000,
    memorySizeMb: 256,
    environment: {},
    logGroupName: '/aws/lambda/subject',
    logFormat: 'Text',
    reservedConcurrency: undefined,
  });
  const { payload } = await service.invoke('subject', JSON.stringify(event));
  return JSON.parse(payload);
}

const GET = "new sdk.GetItemCommand({ TableName: event.table ?? 'customers', Key: { id: { S: 'é' } } })";
const ASK = `
  const client = new sdk.DynamoDBClient({ maxAttempts: 1 });
  export const handler = async (event) => client.send(${GET});
`;

describe("a function's call of AWS", () => {
  it('reaches the service signed by its role, and is answered', async () => {
    expect(await invoke(ASK)).toMatchObject({ Item: { name: { S: 'Zoë' } }, $metadata: { httpStatusCode: 200 } });
    expect(calls).toMatchObject([
      {
        action: 'GetItem',
        input: { Key: { id: { S: 'é' } } },
        principal: { principalArn: 'arn:aws:sts::000000000000:assumed-role/subject-role/local' },
      },
    ]);
  });

  it('is answered while the code is being loaded, too', async () => {
    const code = `
      const event = {};
      const { Item } = await new sdk.DynamoDBClient().send(${GET});
      export const handler = async () => Item;
    `;

    expect(await invoke(code)).toEqual({ name: { S: 'Zoë' } });
  });

  it('is refused by the name of the error', async () => {
    expect(await invoke(ASK, { table: 'nowhere' })).toMatchObject({
      errorType: 'ResourceNotFoundException',
      errorMessage: 'there is no such table',
    });
  });

  it('is refused where its signature does not hold', async () => {
    const code = ASK.replace('maxAttempts: 1', "credentials: { accessKeyId: 'local', secretAccessKey: 'a guess' }");

    expect((await invoke(code)).errorType).toBe('InvalidSignatureException');
    expect(calls).toEqual([]);
  });

  it.each([
    ['its own time limit', 'requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },', '', 'TimeoutError'],
    ['its caller', '', ', { abortSignal: AbortSignal.timeout(50) }', 'AbortError'],
  ])('is given up by %s when no answer comes', async (_who, config, options, errorType) => {
    answerAws = () => new Promise(() => undefined);
    const code = ASK.replace('maxAttempts: 1', `${config} maxAttempts: 1`).replace(
      `send(${GET})`,
      `send(${GET}${options})`,
    );

    expect((await invoke(code)).errorType).toBe(errorType);
  });

  it('goes elsewhere over a socket', async () => {
    const server = createServer((_request, response) => response.end('another Monoova'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const code = `
      import { request } from 'node:http';
      export const handler = () => new Promise((resolve, reject) => {
        request('${url}', (response) => response.setEncoding('utf8').on('data', resolve)).on('error', reject).end();
      });
    `;

    expect(await invoke(code)).toBe('another Monoova');
    server.close();
  });
});
