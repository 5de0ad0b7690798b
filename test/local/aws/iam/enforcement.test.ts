import {
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CredentialStore, type Credentials } from '../../../../local/aws/credentials.ts';
import { createAwsAnswers, createAwsEndpoint } from '../../../../local/aws/endpoint.ts';
import { Authority } from '../../../../local/aws/iam/authority.ts';
import { Enforcement } from '../../../../local/aws/iam/enforcement.ts';
import { readPolicies } from '../../../../local/aws/iam/policies.ts';
import type { TemplateResource } from '../../../../local/aws/resource-type.ts';
import { secretArn } from '../../../../local/aws/secrets-manager/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { closeServer, listenOn } from '../../../../local/template/listen.ts';
import { createAwsServices } from '../../../../local/template/services.ts';

const PLACE = { accountId: '000000000000', region: 'ap-southeast-2' };
const ROLE = 'arn:aws:iam::000000000000:role/Worker';
const SESSION = 'arn:aws:sts::000000000000:assumed-role/Worker/local';
const KEY_ID = '11111111-2222-8333-a444-555555555555';
const KEY = `arn:aws:kms:ap-southeast-2:000000000000:key/${KEY_ID}`;
const TABLE = 'arn:aws:dynamodb:ap-southeast-2:000000000000:table/notes';
const QUEUE = 'arn:aws:sqs:ap-southeast-2:000000000000:letters';
const TOPIC = 'arn:aws:sns:ap-southeast-2:000000000000:alarms';
const SECRET = secretArn('monoova/key', PLACE);

const resource = (type: string, properties: JsonObject, others: Partial<TemplateResource> = {}): TemplateResource => ({
  logicalId: type.replaceAll('::', ''),
  type,
  properties,
  ref: '',
  attributes: {},
  ...others,
});

const allow = (Action: string | string[], Resource: string, Condition: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});

const DELEGATED = { ...allow('kms:*', '*'), Principal: { AWS: 'arn:aws:iam::000000000000:root' } };
const through = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.ap-southeast-2.amazonaws.com` },
});

/** An account where everything is kept under one key, and one role works. */
function account(statements: JsonObject[], keyPolicy: JsonObject[] = [DELEGATED], others: TemplateResource[] = []) {
  return readPolicies([
    resource(
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: { Statement: [] } },
      { ref: 'Worker', attributes: { Arn: ROLE } },
    ),
    resource('AWS::IAM::Policy', { PolicyDocument: { Statement: statements }, Roles: ['Worker'] }),
    resource('AWS::KMS::Key', { KeyPolicy: { Statement: keyPolicy } }, { attributes: { Arn: KEY } }),
    resource('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: KEY } }, { attributes: { Arn: TABLE } }),
    resource(
      'AWS::SQS::Queue',
      { KmsMasterKeyId: 'alias/data' },
      { ref: 'http://q/letters', attributes: { Arn: QUEUE } },
    ),
    resource('AWS::SNS::Topic', { KmsMasterKeyId: KEY_ID }, { ref: TOPIC }),
    resource('AWS::SecretsManager::Secret', { KmsKeyId: KEY }, { ref: SECRET }),
    ...others,
  ]);
}

describe('a role of the template', () => {
  const clock = new ShiftableClock();
  const credentials = new CredentialStore();
  const authority = new Authority();
  const services = createAwsServices(clock, { keep: () => undefined, onLogLine: undefined, onPublished: undefined });
  const refusals: string[] = [];
  const enforcement = new Enforcement({
    authority,
    credentials,
    kms: services.kms,
    executionOfToken: () => undefined,
    groupOfDeployment: () => undefined,
    onRefusal: (sentence) => refusals.push(sentence),
  });
  const guarded = Object.values(services).map((service) => enforcement.guard(service));
  const server = createAwsEndpoint(createAwsAnswers({ services: guarded, credentials, clock }));
  let port = 0;

  beforeAll(async () => {
    port = await listenOn(server, 0, '--aws-port');
    services.kms.createKey({ keyId: KEY_ID, description: '', isEnabled: true });
    services.kms.keys.createAlias('alias/data', KEY_ID);
    services.sns.createTopic(TOPIC);
    services.secretsManager.createSecret({ arn: SECRET, name: 'monoova/key', description: '', content: { text: 'x' } });
  });
  beforeEach(() => void refusals.splice(0));
  afterAll(async () => {
    clock.stop();
    await closeServer(server);
    await services.dynamodb.close();
  });

  const as = ({ accessKeyId, secretAccessKey }: Pick<Credentials, 'accessKeyId' | 'secretAccessKey'>) => ({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'ap-southeast-2',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  const worker = () => as(credentials.forRole(ROLE));
  const sentence = (
    action: string,
    arn: string,
    because = `because no identity-based policy allows the ${action} action`,
  ) => `User: ${SESSION} is not authorized to perform: ${action} on resource: ${arn} ${because}`;

  const put = () =>
    new DynamoDBClient(worker()).send(new PutItemCommand({ TableName: 'notes', Item: { id: { S: 'a' } } }));
  const query = () =>
    new DynamoDBClient(worker()).send(
      new QueryCommand({ TableName: TABLE, IndexName: 'ByDay', KeyConditionExpression: 'a = b' }),
    );
  const send = () =>
    new SQSClient(worker()).send(new SendMessageCommand({ QueueUrl: 'http://q/letters', MessageBody: 'a' }));
  const publish = () => new SNSClient(worker()).send(new PublishCommand({ TopicArn: TOPIC, Message: 'a' }));
  const read = (SecretId = SECRET) => new SecretsManagerClient(worker()).send(new GetSecretValueCommand({ SecretId }));
  const parameter = () => new SSMClient(worker()).send(new GetParameterCommand({ Name: '/a/b' }));
  const encrypt = (EncryptionContext = {}) =>
    new KMSClient(worker()).send(
      new EncryptCommand({ KeyId: 'alias/data', Plaintext: Buffer.from('a'), EncryptionContext }),
    );

  it.each([
    ['DynamoDB', put, 'AccessDeniedException', 'dynamodb:PutItem', TABLE],
    ['DynamoDB for an index', query, 'AccessDeniedException', 'dynamodb:Query', `${TABLE}/index/ByDay`],
    ['KMS by an alias', encrypt, 'AccessDeniedException', 'kms:Encrypt', KEY],
    ['SQS', send, 'AccessDenied', 'sqs:SendMessage', QUEUE],
    ['SNS', publish, 'AuthorizationError', 'sns:Publish', TOPIC],
    ['Secrets Manager', read, 'AccessDeniedException', 'secretsmanager:GetSecretValue', SECRET],
    [
      'Secrets Manager by name',
      () => read('monoova/key'),
      'AccessDeniedException',
      'secretsmanager:GetSecretValue',
      SECRET,
    ],
    [
      'SSM',
      parameter,
      'AccessDeniedException',
      'ssm:GetParameter',
      'arn:aws:ssm:ap-southeast-2:000000000000:parameter/a/b',
    ],
  ])('is refused by %s in its own words what no policy allows', async (_service, call, name, action, arn) => {
    authority.load(account([]));
    const error = await call().then(
      () => undefined,
      (refusal: Error) => refusal,
    );
    expect(error?.name).toContain(name);
    expect(error?.message).toBe(sentence(action, arn));
    expect(refusals).toEqual([sentence(action, arn)]);
  });

  it.each([
    [
      'DynamoDB',
      put,
      'dynamodb:*',
      'dynamodb',
      ['kms:Decrypt'],
      `KMS key access denied error: ${sentence('kms:Decrypt', KEY)}`,
    ],
    [
      'SQS',
      send,
      'sqs:SendMessage',
      'sqs',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      sentence('kms:GenerateDataKey', KEY),
    ],
    [
      'SNS',
      publish,
      'sns:Publish',
      'sns',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      sentence('kms:GenerateDataKey', KEY),
    ],
    [
      'Secrets Manager',
      read,
      'secretsmanager:*',
      'secretsmanager',
      ['kms:Decrypt'],
      `Access to KMS is not allowed: ${sentence('kms:Decrypt', KEY)}`,
    ],
  ])('needs the key behind %s too, through that service alone', async (_name, call, own, service, actions, message) => {
    const granted = allow(own, '*');
    authority.load(account([granted]));
    await expect(call()).rejects.toThrow(message);

    authority.load(account([granted, allow(actions, KEY, through('ec2'))]));
    await expect(call()).rejects.toThrow(message);

    authority.load(account([granted, allow(actions, KEY, through(service))]));
    refusals.splice(0);
    await call().catch((error: Error) => expect(error.name).toMatch(/NotFound|DoesNotExist|NonExistentQueue/));
    expect(refusals).toEqual([]);
  });

  it('uses a key directly only with the encryption context that its policy asks for', async () => {
    const context = { 'kms:EncryptionContext:customer_id': 'false' };
    authority.load(account([allow(['kms:Encrypt', 'kms:Decrypt'], KEY, { Null: context })]));
    await expect(encrypt()).rejects.toThrow(sentence('kms:Encrypt', KEY));
    const { CiphertextBlob } = await encrypt({ customer_id: 'a' });
    const open = (EncryptionContext: Record<string, string>) =>
      new KMSClient(worker()).send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    await expect(open({})).rejects.toThrow(sentence('kms:Decrypt', KEY));
    await expect(open({ customer_id: 'a' })).resolves.toMatchObject({ KeyId: KEY });
  });

  it('may use a key only as far as its key policy lets the account decide', async () => {
    const granted = [allow('kms:Encrypt', KEY)];
    authority.load(account(granted, []));
    await expect(encrypt()).rejects.toThrow('because no resource-based policy allows the kms:Encrypt action');

    authority.load(account(granted, [{ ...DELEGATED, Action: 'kms:Decrypt' }]));
    await expect(encrypt()).rejects.toThrow('because no resource-based policy allows the kms:Encrypt action');

    authority.load(account([], [{ ...allow('kms:Encrypt', '*'), Principal: { AWS: ROLE } }]));
    await expect(encrypt()).resolves.toMatchObject({ KeyId: KEY });

    authority.load(account(granted, [DELEGATED, { ...DELEGATED, Effect: 'Deny', Action: 'kms:Encrypt' }]));
    await expect(encrypt()).rejects.toThrow('with an explicit deny in a resource-based policy');
  });

  it('is held to the policy that hangs on a queue; a Deny of plain HTTP does not mean the loopback', async () => {
    const granted = [
      allow('sqs:SendMessage', QUEUE),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY, through('sqs')),
    ];
    const policy = (Condition: JsonObject) =>
      resource('AWS::SQS::QueuePolicy', {
        Queues: ['http://q/letters'],
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Action: 'sqs:*', Resource: QUEUE, Principal: { AWS: '*' }, Condition }],
        },
      });
    authority.load(account(granted, [DELEGATED], [policy({})]));
    await expect(send()).rejects.toThrow('with an explicit deny in a resource-based policy');

    authority.load(account(granted, [DELEGATED], [policy({ Bool: { 'aws:SecureTransport': 'false' } })]));
    await expect(send()).rejects.toThrow('The specified queue does not exist');
  });

  it('is refused by name an action that IAM does not know here, whatever it is allowed', async () => {
    authority.load(account([allow('*', '*')]));
    const client = new DynamoDBClient(worker());
    await expect(client.send(new TagResourceCommand({ ResourceArn: TABLE, Tags: [] }))).rejects.toThrow(
      'dynamodb:TagResource is not run',
    );
    await expect(client.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
  });

  it('loses what it prints without the right to write it', () => {
    authority.load(account([allow('logs:CreateLogStream', '*')]));
    expect(enforcement.mayWriteLogs(ROLE, '/aws/lambda/a', 's')).toBe(false);
    expect(refusals[0]).toContain(
      'logs:PutLogEvents on resource: arn:aws:logs:ap-southeast-2:000000000000:log-group:/aws/lambda/a:log-stream:s',
    );
    authority.load(
      account([allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:*:*:log-group:/aws/lambda/a:*')]),
    );
    expect(enforcement.mayWriteLogs(ROLE, '/aws/lambda/a', 's')).toBe(true);
    expect(enforcement.mayWriteLogs(ROLE, '/aws/lambda/b', 's')).toBe(false);
  });

  it('may do nothing before policies are known, while root may do everything', async () => {
    authority.load(readPolicies([]));
    await expect(put()).rejects.toThrow('dynamodb:PutItem');
    const root = new DynamoDBClient(as({ accessKeyId: 'local', secretAccessKey: 'local' }));
    await expect(root.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
  });

  it('is not made for a service whose requests are not known', () => {
    const service = { signingNames: ['ec2'], handle: async () => ({}) };
    expect(() => enforcement.guard(service)).toThrow('ec2');
  });
});
