import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqsService } from '../../../../local/aws/sqs/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import { type Served, serve } from '../serve.ts';

const ARN = 'arn:aws:sqs:ap-southeast-2:000000000000:';
const SourceArn = `${ARN}dead`;

let clock: ShiftableClock;
let sqs: SqsService;
let served: Served;
let client: SQSClient;

beforeEach(async () => {
  clock = new ShiftableClock();
  sqs = new SqsService({ clock });
  served = await serve([sqs], clock);
  client = new SQSClient(served.settings);
  const common = { retentionS: 1_209_600, delayS: 0, receiveWaitS: 0, messageBytesMax: 1_048_576 };
  const redrive = { deadLetterTargetArn: SourceArn, maxReceiveCount: 1 };
  for (const [name, settings] of Object.entries({
    dead: { ...common, visibilityTimeoutS: 30 },
    letters: { ...common, visibilityTimeoutS: 0, redrive },
    other: { ...common, visibilityTimeoutS: 30 },
  })) {
    sqs.createQueue({ name, arn: ARN + name, url: urlOf(name), settings });
  }
});
afterEach(async () => {
  client.destroy();
  clock.stop();
  await served.close();
});

const urlOf = (name: string) => `http://127.0.0.1/000000000000/${name}`;
const send = (name: string, MessageBody: string) =>
  client.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody }));
const receive = async (name: string) =>
  (
    await client.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(name),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    )
  ).Messages ?? [];
const start = (input: Partial<StartMessageMoveTaskCommandInput> = {}) =>
  client.send(new StartMessageMoveTaskCommand({ SourceArn, ...input }));
const tasks = async (MaxResults?: number) =>
  (await client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults }))).Results ?? [];

/** Received once too often, as what cannot be processed is. */
async function die(...texts: readonly string[]): Promise<void> {
  for (const text of texts) await send('letters', text);
  await receive('letters');
  await receive('letters');
}

const depthOf = (name: string) => sqs.findByArn(ARN + name)?.counts().visible;

test('dead letters go back to where they came from, as new messages', async () => {
  await die('one', 'two');
  expect([depthOf('letters'), depthOf('dead')]).toEqual([0, 2]);
  const { TaskHandle } = await start();
  expect(TaskHandle).toMatch(/^[\w+/=]+$/);
  await clock.advance(0);
  expect([depthOf('letters'), depthOf('dead')]).toEqual([2, 0]);
  const [first] = await receive('letters');
  expect(first).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } });
  expect(first?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  expect(await tasks()).toEqual([
    {
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      SourceArn,
      StartedTimestamp: expect.any(Number),
      Status: 'COMPLETED',
    },
  ]);
});

test('dead letters go to another queue where one is named', async () => {
  await die('one');
  await send('dead', 'sent by hand');
  await start({ DestinationArn: `${ARN}other` });
  await clock.advance(0);
  expect((await receive('other')).map(({ Body }) => Body)).toEqual(['one', 'sent by hand']);
});

test('a message that nobody knows the source of ends the task', async () => {
  await die('one');
  await send('dead', 'sent by hand');
  await die('two');
  await start();
  await clock.advance(0);
  expect(await tasks()).toMatchObject([
    { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 1 },
  ]);
  expect(depthOf('dead')).toBe(2);
});

test('a task may be slow, one at a time, and be cancelled; what was moved stays moved', async () => {
  await die('1', '2', '3', '4');
  const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
  await clock.advance(1_000);
  expect(await tasks()).toMatchObject([
    {
      Status: 'RUNNING',
      TaskHandle,
      MaxNumberOfMessagesPerSecond: 1,
      ApproximateNumberOfMessagesMoved: 1,
      ApproximateNumberOfMessagesToMove: 4,
    },
  ]);
  await expect(start()).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  });
  const cancelled = await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(1);
  await clock.advance(10_000);
  expect(depthOf('dead')).toBe(3);
  const [task] = await tasks();
  expect(task).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 1 });
  expect(task).not.toHaveProperty('TaskHandle');
  await expect(client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toThrow();
});

test('tasks are listed newest first, ten at most, one where nothing is said', async () => {
  for (let index = 0; index < 12; index++) {
    await die(String(index));
    await start();
    await clock.advance(1_000);
  }
  expect(await tasks()).toHaveLength(1);
  const listed = (await tasks(10)).map(({ StartedTimestamp }) => StartedTimestamp ?? 0);
  expect(listed).toHaveLength(10);
  expect(listed).toEqual(listed.toSorted((a, b) => b - a));
});

test('what cannot be moved is refused in the words of AWS', async () => {
  await expect(start({ SourceArn: `${ARN}other` })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'Source queue must be configured as a Dead Letter Queue.',
  });
  await expect(start({ SourceArn: `${ARN}nowhere` })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(start({ DestinationArn: `${ARN}nowhere` })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "The resource that you specified for the DestinationArn parameter doesn't exist.",
  });
  const handle = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: 'x', sourceArn })).toString('base64');
  const cancel = (TaskHandle: string) => client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  await expect(cancel('nonsense')).rejects.toThrow('Value for parameter TaskHandle is invalid.');
  await expect(cancel(handle(`${ARN}nowhere`))).rejects.toThrow('SourceArn');
  await expect(cancel(handle(SourceArn))).rejects.toThrow('Task does not exist.');
});
