import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../../../../local/aws/credentials.ts';
import { resourceTypes } from '../../../../local/aws/sqs/resources.ts';
import { SqsService } from '../../../../local/aws/sqs/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const clock = new ShiftableClock();
const sqs = new SqsService({ clock });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let served: Served;
let client: SQSClient;
let queueCount = 0;
let QueueUrl = '';

function create(logicalId: string, properties: JsonObject = {}) {
  const type = 'AWS::SQS::Queue';
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  void resourceType.create({ logicalId, type, properties, ...identity }, { sqs });
  return { url: identity.ref, arn: identity.attributes['Arn'] ?? '' };
}

beforeAll(async () => {
  served = await serve([sqs], clock);
  client = new SQSClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});
beforeEach(() => {
  QueueUrl = create(`Queue${queueCount++}`).url;
});

const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more })))
    .Messages ?? [];
const bodies = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await receive({ MaxNumberOfMessages: 10, ...more })).map((message) => message.Body);
const counts = async () => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return [
    Attributes?.['ApproximateNumberOfMessages'],
    Attributes?.['ApproximateNumberOfMessagesNotVisible'],
    Attributes?.['ApproximateNumberOfMessagesDelayed'],
  ];
};

test('a message arrives with its attributes, and the SDK finds its digests right', async () => {
  const attributes = {
    reason: { DataType: 'String', StringValue: 'späte' },
    'http.status': { DataType: 'Number', StringValue: '503' },
    bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
  };
  const sent = await send('bödy', { MessageAttributes: attributes });
  const [message] = await receive({ MessageAttributeNames: ['All'] });
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'bödy' });
  expect(message?.MessageAttributes?.['reason']?.StringValue).toBe('späte');
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SenderId: 'local' });
});

test('the digests are those that AWS computes', async () => {
  // Recorded values, from the tests of moto (getmoto/moto, tests/test_sqs).
  const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
  const sent = await send('derp', { MessageAttributes });
  expect(sent.MD5OfMessageAttributes).toBe('235c5c510d26fb653d073faed50ae77c');
  expect(sent.MD5OfMessageBody).toBe('58fd9edd83341c29f1aebba81c31e257');
});

test('attributes come only as asked for', async () => {
  const MessageAttributes = {
    'a.x': { DataType: 'String', StringValue: '1' },
    b: { DataType: 'String', StringValue: '2' },
  };
  await send('m', { MessageAttributes });
  const [message] = await receive({ MessageAttributeNames: ['a.*'], MessageSystemAttributeNames: ['SentTimestamp'] });
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['a.x']);
  expect(Object.keys(message?.Attributes ?? {})).toEqual(['SentTimestamp']);
});

describe('in flight', () => {
  test('a message is hidden until its visibility timeout has passed, then comes again', async () => {
    await send('m');
    expect(await bodies()).toEqual(['m']);
    expect([await bodies(), await counts()]).toEqual([[], ['0', '1', '0']]);
    await clock.advance(29_000);
    expect(await bodies()).toEqual([]);
    await clock.advance(1_000);
    const [message] = await receive();
    expect(message?.Attributes?.['ApproximateReceiveCount']).toBe('2');
  });

  test('a message is gone once deleted, and a handle of an earlier receipt deletes nothing', async () => {
    await send('m');
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive({ VisibilityTimeout: 0 });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await counts()).toEqual(['1', '0', '0']);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(await counts()).toEqual(['0', '0', '0']);
  });

  test('a message comes back at once when its visibility is set to zero', async () => {
    await send('m');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
      );
    await change(0);
    await expect(change(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await bodies()).toEqual(['m']);
  });

  test('a handle that is none is refused', async () => {
    const deletion = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' });
    await expect(client.send(deletion)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });
});

describe('delay and retention', () => {
  test('a message is hidden for its own delay, which goes before that of the queue', async () => {
    QueueUrl = create('Delayed', { DelaySeconds: '60' }).url;
    await send('queue');
    await send('own', { DelaySeconds: 900 });
    await send('none', { DelaySeconds: 0 });
    expect([await counts(), await bodies({ VisibilityTimeout: 43_200 })]).toEqual([['1', '0', '2'], ['none']]);
    await clock.advance(60_000);
    expect(await bodies({ VisibilityTimeout: 43_200 })).toEqual(['queue']);
    await clock.advance(840_000);
    expect(await bodies()).toEqual(['own']);
  });

  test('a longer delay than AWS takes is refused', async () => {
    await expect(send('m', { DelaySeconds: 901 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a message is forgotten after the retention of its queue', async () => {
    QueueUrl = create('Short', { MessageRetentionPeriod: 60 }).url;
    await send('m');
    await clock.advance(60_001);
    expect([await bodies(), await counts()]).toEqual([[], ['0', '0', '0']]);
  });
});

describe('long polling', () => {
  const receiveInProcess = (WaitTimeSeconds: number) =>
    sqs.handle({ action: 'ReceiveMessage', input: { QueueUrl, WaitTimeSeconds }, principal: ROOT });

  test('a receive that waits gets a message as soon as it is sent', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('m');
    expect((await waiting).map((message) => message.Body)).toEqual(['m']);
  });

  test('a receive that waits gets a message as soon as it becomes visible', async () => {
    await send('m', { DelaySeconds: 5 });
    const waiting = receiveInProcess(20);
    const before = clock.nowMs();
    await clock.advance(5_000);
    expect((await waiting)['Messages']).toHaveLength(1);
    expect(clock.nowMs() - before).toBeLessThan(6_000);
  });

  test('a receive that waits ends empty when its time is over', async () => {
    const waiting = receiveInProcess(20);
    await clock.advance(20_000);
    expect(await waiting).toEqual({});
  });
});

test('a message received too often moves to the dead letters, with its origin', async () => {
  const dead = create('Dead');
  const source = create('Source', { RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 3 } });
  QueueUrl = source.url;
  await send('poison');
  for (let n = 0; n < 3; n++) expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['poison']);
  expect(await bodies()).toEqual([]);
  QueueUrl = dead.url;
  const [message] = await receive();
  expect(message).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: source.arn } });
});

describe('batches', () => {
  test('each entry succeeds or fails alone', async () => {
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'm' },
          { Id: 'late', MessageBody: 'm', DelaySeconds: 1000 },
        ],
      }),
    );
    expect(Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'late', SenderFault: true }]);
    const [message] = await receive();
    const deletion = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'd', ReceiptHandle: message?.ReceiptHandle }] }),
    );
    expect([deletion.Successful?.length, await counts()]).toEqual([1, ['0', '0', '0']]);
  });

  test.each([
    ['nothing in it', 0, 'EmptyBatchRequest'],
    ['more than ten', 11, 'TooManyEntriesInBatchRequest'],
  ])('a batch with %s is refused whole', async (_name, count, name) => {
    const Entries = Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody: 'm' }));
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
  });
});

test('queues are listed, found by name and emptied', async () => {
  await send('m');
  const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'Queue' }));
  expect(QueueUrls).toContain(QueueUrl);
  const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  expect((await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('a queue that is not there is named as SDKs know it', async () => {
  QueueUrl = 'http://127.0.0.1:3001/000000000000/nowhere';
  await expect(send('m')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a message larger than the queue takes, or with characters that SQS does not take, is refused', async () => {
  QueueUrl = create('Small', { MaximumMessageSize: 1024 }).url;
  await expect(send('x'.repeat(1025))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(send('a\u0000b')).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a FIFO queue stops the start', () => {
  expect(() => create('Ordered', { FifoQueue: true })).toThrow('Ordered');
});
