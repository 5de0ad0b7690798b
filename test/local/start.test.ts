import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetchSigned } from '../../local/demo-signer.ts';
import type { JsonObject } from '../../local/json.ts';
import { type LocalRun, startLocal } from '../../local/start.ts';
import { PortInUseError } from '../../local/template/listen.ts';

const LAMBDA_URI = {
  'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Echo.Arn}/invocations',
};
const START_URI = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution' };

const method = (resource: string, httpMethod: string, others: JsonObject): JsonObject => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { Ref: resource }, HttpMethod: httpMethod, ...others },
});

const path = (part: string): JsonObject => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { RestApiId: { Ref: 'Api' }, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: part },
});

const allow = (Action: string, Resource: JsonObject, others: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...others,
});

const arnOf = (logicalId: string): JsonObject => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const role: JsonObject = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: ['lambda', 'states', 'apigateway'].map((service) => ({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: `${service}.amazonaws.com` },
      })),
    },
  },
};

const policy: JsonObject = {
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: 'p',
    PolicyDocument: {
      Statement: [
        allow('states:StartSyncExecution', { Ref: 'Machine' }),
        allow('lambda:InvokeFunction', arnOf('Echo')),
        allow('dynamodb:PutItem', arnOf('Notes')),
      ],
    },
    Roles: [{ Ref: 'Role' }],
  },
};

const permission: JsonObject = {
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: arnOf('Echo'),
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/dev/GET/echo' },
  },
};

/** A small system of every kind: an API over a function and over an Express machine that writes to a table. */
const TEMPLATE = {
  Resources: {
    Notes: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'notes',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
    ApiKey: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'monoova/dev/api-key' } },
    Webhook: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'monoova/dev/webhook' } },
    Role: role,
    Policy: policy,
    Permission: permission,
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } },
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'echo',
        Code: { S3Bucket: 'assets', S3Key: 'echo.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { TABLE_NAME: { Ref: 'Notes' }, NODE_OPTIONS: '--enable-source-maps' } },
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'writer',
        StateMachineType: 'EXPRESS',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionSubstitutions: { EchoArn: { 'Fn::GetAtt': ['Echo', 'Arn'] }, Table: { Ref: 'Notes' } },
        DefinitionString: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Ask',
          States: {
            Ask: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Arguments: { FunctionName: '${EchoArn}', Payload: '{% $states.input %}' },
              Output: '{% $states.result.Payload %}',
              Next: 'Write',
            },
            Write: {
              Type: 'Task',
              Resource: 'arn:aws:states:::dynamodb:putItem',
              Arguments: { TableName: '${Table}', Item: { id: { S: '{% $states.input.table %}' } } },
              Output: { written: '{% $states.input.table %}' },
              End: true,
            },
          },
        }),
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
    EchoPath: path('echo'),
    RunPath: path('run'),
    EchoGet: method('EchoPath', 'GET', {
      AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: LAMBDA_URI },
    }),
    RunPost: method('RunPath', 'POST', {
      AuthorizationType: 'AWS_IAM',
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: START_URI,
        Credentials: { 'Fn::GetAtt': ['Role', 'Arn'] },
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': { 'Fn::Sub': '{"stateMachineArn":"${Machine}","input":"{}"}' } },
        IntegrationResponses: [
          { StatusCode: '200', ResponseTemplates: { 'application/json': "$input.path('$.output')" } },
        ],
      },
      MethodResponses: [{ StatusCode: '200' }],
    }),
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } } },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' }, StageName: 'dev' },
    },
    Address: {
      Type: 'AWS::SSM::Parameter',
      Properties: {
        Name: '/payouts/dev/resources',
        Type: 'String',
        Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/dev' },
      },
    },
  },
};

const ECHO = `export const handler = async (event) => (console.log('asked'), event.httpMethod)
  ? { statusCode: 200, body: 'hello from ' + process.env.AWS_LAMBDA_FUNCTION_NAME }
  : { table: process.env.TABLE_NAME };`;

const projects: string[] = [];

/** A project whose CDK app is a copy of the template above, with changes. */
function project(changes: JsonObject = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'project-'));
  projects.push(root);
  mkdirSync(join(root, 'infra'));
  const template = { Resources: { ...TEMPLATE.Resources, ...changes } };
  const files = {
    'manifest.json': {
      artifacts: {
        'Payouts-dev.assets': { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
        'Payouts-dev': { type: 'aws:cloudformation:stack', properties: { templateFile: 'template.json' } },
      },
    },
    'assets.json': { files: { e: { source: { path: 'echo' }, destinations: { d: { objectKey: 'echo.zip' } } } } },
    'template.json': template,
  };
  const writes = Object.entries(files).map(
    ([name, content]) => `writeFileSync(out + '/${name}', ${JSON.stringify(JSON.stringify(content))});`,
  );
  const app = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    const out = process.env.CDK_OUTDIR;
    mkdirSync(out + '/echo');
    writeFileSync(out + '/echo/index.mjs', ${JSON.stringify(ECHO)});
    ${writes.join('\n')}`;
  writeFileSync(join(root, 'infra/app.ts'), app);
  writeFileSync(join(root, 'cdk.json'), '{"app":"node infra/app.ts"}');
  return root;
}

afterAll(() => {
  for (const root of projects) rmSync(root, { recursive: true, force: true });
});

describe('startLocal', () => {
  let run: LocalRun;
  const printed: string[] = [];

  beforeAll(async () => {
    run = await startLocal({
      root: project(),
      port: 0,
      awsPort: 0,
      isVerbose: true,
      print: (line) => printed.push(line),
    });
  });

  afterAll(() => run.stop());

  const client = () => ({
    endpoint: run.awsUrl,
    region: 'ap-southeast-2',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  it('serves the API of the template, on the loopback', async () => {
    const response = await fetch(`${run.apiUrl}/echo`);

    expect(run.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dev$/);
    expect([response.status, await response.text()]).toEqual([200, 'hello from echo']);
  });

  it('runs a request through the machine, its function and its table', async () => {
    const url = `${run.apiUrl}/run`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetchSigned({ method: 'POST', url, headers, body: '{}', nowMs: run.clock.nowMs() });
    const item = await new DynamoDBClient(client()).send(
      new GetItemCommand({ TableName: 'notes', Key: { id: { S: 'notes' } } }),
    );

    expect([response.status, await response.json()]).toEqual([200, { written: 'notes' }]);
    expect(item.Item).toEqual({ id: { S: 'notes' } });
  });

  it('refuses a request to a signed route that is not signed', async () => {
    expect((await fetch(`${run.apiUrl}/run`, { method: 'POST' })).status).toBe(403);
  });

  it('refuses a function what its role does not allow, and says so', async () => {
    const who = 'User: arn:aws:sts::000000000000:assumed-role/Role/local is not authorized to perform: ';
    const what =
      'logs:CreateLogStream on resource: arn:aws:logs:ap-southeast-2:000000000000:log-group:/aws/lambda/echo:';

    await expect.poll(() => printed.join('\n')).toContain(`Refused: ${who}${what}log-stream:`);
  });

  it('leads whoever reads the address of the API to this run', async () => {
    const { Parameter } = await new SSMClient(client()).send(
      new GetParameterCommand({ Name: '/payouts/dev/resources' }),
    );

    expect(Parameter?.Value).toBe(run.apiUrl);
  });

  it('fills the secrets with the key and address of the simulator', async () => {
    const secrets = new SecretsManagerClient(client());
    const read = async (SecretId: string) =>
      JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '');

    expect(await read('monoova/dev/api-key')).toMatchObject({ environment: 'sandbox', baseUrl: run.monoovaUrl });
    expect((await read('monoova/dev/webhook')).tokens).toHaveLength(1);
    expect((await fetch(`${run.monoovaUrl}/public/v1/certificate/public-key`)).status).toBe(200);
  });

  it('says what is inert, and why', () => {
    const text = printed.join('\n');

    expect(text).toContain('1 CloudWatch::Alarm');
    expect(text).toContain('AWS::DynamoDB::Table.PointInTimeRecoverySpecification: nothing here is backed up');
  });
});

describe('startLocal, when it cannot start', () => {
  const print = () => {};
  let occupied: ReturnType<typeof createServer> | undefined;

  afterEach(() => occupied?.close());

  it('names a resource type that it does not run, and leaves no port open', async () => {
    const root = project({ Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } });
    const port = await freePort();

    await expect(startLocal({ root, port, awsPort: 0, print })).rejects.toThrow(
      'AWS::S3::Bucket Bucket is not run locally: add it to',
    );
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
  });

  it('names a property that it does not run', async () => {
    const Table = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'more', ImportSourceSpecification: {} } };

    await expect(startLocal({ root: project({ Table }), port: 0, awsPort: 0, print })).rejects.toThrow(
      'AWS::DynamoDB::Table.ImportSourceSpecification is not run here',
    );
  });

  it('names the port that is in use and the option for another', async () => {
    occupied = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupied?.once('listening', resolve));
    const { port } = occupied.address() as AddressInfo;

    const started = startLocal({ root: project(), port: 0, awsPort: port, print });

    await expect(started).rejects.toThrow(PortInUseError);
    await expect(started).rejects.toThrow(`Port ${port} is in use. Choose another with --aws-port`);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
