import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../../../local/aws/credentials.ts';
import { resourceTypes } from '../../../../local/aws/sns/resources.ts';
import { SnsService } from '../../../../local/aws/sns/service.ts';
import { SqsService } from '../../../../local/aws/sqs/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const clock = new ShiftableClock();
const sqs = new SqsService({ clock });
const sns = new SnsService({ clock, sqs });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let served: Served;
let client: SNSClient;

function create(type: string, logicalId: string, properties: JsonObject): string {
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  void resourceType.create({ logicalId, type, properties, ...identity }, { sns });
  return identity.ref;
}

function createQueue(name: string): string {
  const arn = `arn:aws:sqs:ap-southeast-2:000000000000:${name}`;
  const settings = { visibilityTimeoutS: 30, retentionS: 60, delayS: 0, receiveWaitS: 0, messageBytesMax: 1024 };
  sqs.createQueue({ name, arn, url: `http://127.0.0.1:3001/000000000000/${name}`, settings });
  return arn;
}

async function received(name: string): Promise<JsonObject[]> {
  const input = { QueueUrl: name, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const { Messages } = await sqs.handle({ action: 'ReceiveMessage', input, principal: ROOT });
  return (Messages ?? []) as JsonObject[];
}

beforeAll(async () => {
  served = await serve([sns], clock);
  client = new SNSClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

test('what is published is listed, exactly as it was sent', async () => {
  const TopicArn = create('AWS::SNS::Topic', 'Alerts', { TopicName: 'alerts', DisplayName: 'Payouts' });
  const Message = 'a & b <c> "d" \'e\' +%=\nnext — línea';
  const sent = await client.send(
    new PublishCommand({
      TopicArn,
      Message,
      Subject: 'Escalated',
      MessageAttributes: {
        stage: { DataType: 'String', StringValue: 'dev' },
        count: { DataType: 'Number', StringValue: '2' },
      },
    }),
  );
  expect(sns.published(TopicArn)).toMatchObject([
    {
      messageId: sent.MessageId,
      message: Message,
      subject: 'Escalated',
      attributes: { stage: { StringValue: 'dev' }, count: { DataType: 'Number' } },
    },
  ]);
});

test('a subscribed queue receives an envelope, or the message alone when delivery is raw', async () => {
  const Subscription = [{ Protocol: 'sqs', Endpoint: createQueue('enveloped') }];
  const TopicArn = create('AWS::SNS::Topic', 'Fanout', { Subscription });
  create('AWS::SNS::Subscription', 'Raw', {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: createQueue('raw'),
    RawMessageDelivery: true,
  });
  create('AWS::SNS::Subscription', 'Mail', { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
  const MessageAttributes = { stage: { DataType: 'String', StringValue: 'dev' } };
  await client.send(new PublishCommand({ TopicArn, Message: 'm', MessageAttributes }));
  const [enveloped] = await received('enveloped');
  expect(JSON.parse(enveloped?.['Body'] as string)).toMatchObject({ Type: 'Notification', TopicArn, Message: 'm' });
  expect(await received('raw')).toMatchObject([{ Body: 'm', MessageAttributes: { stage: { StringValue: 'dev' } } }]);
});

test('only the newest thousand messages stay listed', async () => {
  const TopicArn = create('AWS::SNS::Topic', 'Busy', {});
  const publish = (Message: string) => sns.handle({ action: 'Publish', input: { TopicArn, Message }, principal: ROOT });
  for (let n = 0; n <= 1000; n++) await publish(String(n));
  const listed = sns.published(TopicArn);
  expect([listed.length, listed[0]?.message, listed.at(-1)?.message]).toEqual([1000, '1', '1000']);
});

test('topics are listed', async () => {
  const { Topics } = await client.send(new ListTopicsCommand({}));
  expect(Topics).toContainEqual({ TopicArn: 'arn:aws:sns:ap-southeast-2:000000000000:alerts' });
});

test('a topic that is not there is NotFoundException, as SDKs know it', async () => {
  const publish = client.send(
    new PublishCommand({ TopicArn: 'arn:aws:sns:ap-southeast-2:000000000000:no', Message: 'm' }),
  );
  await expect(publish).rejects.toMatchObject({ name: 'NotFoundException', message: 'Topic does not exist' });
});

test('an option that is not run is refused by name', async () => {
  const publish = client.send(new PublishCommand({ TopicArn: 'x', Message: '{}', MessageStructure: 'json' }));
  await expect(publish).rejects.toThrow('MessageStructure is not run here');
});

test.each([
  ['a FIFO topic', 'AWS::SNS::Topic', { FifoTopic: true }],
  ['a subscription of a function', 'AWS::SNS::Subscription', { TopicArn: 't', Protocol: 'lambda', Endpoint: 'f' }],
])('%s stops the start', (_name, type, properties) => {
  expect(() => create(type, 'Unsupported', properties)).toThrow('Unsupported');
});
