import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../../local/aws/credentials.ts';
import { SqsService } from '../../../local/aws/sqs/service.ts';
import { AwsError } from '../../../local/aws/wire.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/json.ts';
import { EventSource } from '../../../local/lambda/event-source.ts';
import type { LambdaResult } from '../../../local/lambda/lambda-function.ts';

const ARN = 'arn:aws:sqs:ap-southeast-2:000000000000:';
const QueueUrl = 'http://127.0.0.1/000000000000/letters';
const SECOND_MS = 1_000;

type Answer = (ids: readonly string[]) => unknown;

let clock: ShiftableClock;
let sqs: SqsService;
let batches: JsonObject[][];
let source: EventSource | undefined;
let refusals = 0;

beforeEach(() => {
  clock = new ShiftableClock();
  sqs = new SqsService({ clock });
  batches = [];
  refusals = 0;
  const common = { retentionS: 1_209_600, delayS: 0, receiveWaitS: 0, messageBytesMax: 1_048_576 };
  const url = (name: string) => `http://127.0.0.1/000000000000/${name}`;
  sqs.createQueue({
    name: 'dead',
    arn: `${ARN}dead`,
    url: url('dead'),
    settings: { ...common, visibilityTimeoutS: 30 },
  });
  const redrive = { deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 3 };
  const settings = { ...common, visibilityTimeoutS: 90, redrive };
  sqs.createQueue({ name: 'letters', arn: `${ARN}letters`, url: QueueUrl, settings });
});
afterEach(() => {
  source?.stop();
  clock.stop();
});

const call = (action: string, input: JsonObject) => sqs.handle({ action, input, principal: ROOT });
const send = (MessageBody: string, more: JsonObject = {}) => call('SendMessage', { QueueUrl, MessageBody, ...more });
const bodies = () => batches.map((batch) => batch.map(({ body }) => body));

/** Starts to feed a function that gives these answers, the last one again and again. */
function feed(answers: readonly Answer[], settings = {}, invoke?: (payload: string) => Promise<LambdaResult>) {
  const queue = sqs.findByArn(`${ARN}letters`);
  if (!queue) throw new Error('no queue');
  source = new EventSource(
    {
      functionName: 'retry',
      queueArn: `${ARN}letters`,
      batchSize: 10,
      reportsBatchItemFailures: true,
      concurrencyMax: 2,
      ...settings,
    },
    {
      clock,
      queueUrl: QueueUrl,
      untilVisible: () => queue.untilVisible(),
      callSqs: (action, input) => {
        if (refusals-- > 0) throw new AwsError('AccessDeniedException', 'not authorized');
        return call(action, input);
      },
      invoke: async (payload) => {
        const { Records } = JSON.parse(payload);
        batches.push(Records);
        if (invoke) return invoke(payload);
        const answer = answers[Math.min(batches.length, answers.length) - 1];
        const said = answer?.(Records.map(({ messageId }: { messageId: string }) => messageId));
        if (said instanceof Error) return { payload: '{}', functionError: 'Unhandled' };
        return { payload: JSON.stringify(said ?? null) };
      },
    },
  );
  source.start();
}

const failing: Answer = (ids) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const turn = () => new Promise((done) => setTimeout(done, 5));

async function counts(name: string): Promise<number[]> {
  const counted = sqs.findByArn(ARN + name)?.counts();
  return [counted?.visible ?? -1, counted?.inFlight ?? -1, counted?.delayed ?? -1];
}

describe('a queue that feeds a function', () => {
  it('hands messages over as Lambda does, and deletes what the function is done with', async () => {
    feed([() => null]);
    await send('one', { MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } });
    await expect.poll(() => batches.length).toBe(1);
    expect(batches[0]).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'one',
        attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) }),
        messageAttributes: { a: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } },
        md5OfBody: expect.any(String),
        eventSource: 'aws:sqs',
        eventSourceARN: `${ARN}letters`,
        awsRegion: 'ap-southeast-2',
      },
    ]);
    await expect.poll(() => counts('letters')).toEqual([0, 0, 0]);
  });

  it('hands over what waits together, at most a batch at once', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await send(text);
    feed([() => null], { batchSize: 2 });
    await expect.poll(bodies).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('waits for the delay of a message, by the clock', async () => {
    feed([() => null]);
    await send('later', { DelaySeconds: 5 });
    await clock.advance(2 * SECOND_MS);
    expect(batches).toEqual([]);
    await clock.advance(3 * SECOND_MS);
    await expect.poll(bodies).toEqual([['later']]);
  });

  it('has only the named messages come again, after the visibility timeout of the queue', async () => {
    await send('good');
    await send('bad');
    feed([(ids) => ({ batchItemFailures: [{ itemIdentifier: ids[1] }] }), () => ({ batchItemFailures: [] })]);
    await expect.poll(() => counts('letters')).toEqual([0, 1, 0]);
    await clock.advance(60 * SECOND_MS);
    expect(bodies()).toEqual([['good', 'bad']]);
    await clock.advance(30 * SECOND_MS);
    await expect.poll(bodies).toEqual([['good', 'bad'], ['bad']]);
    await expect.poll(() => counts('letters')).toEqual([0, 0, 0]);
  });

  it.each<[string, Answer]>([
    ['failed', () => new Error('failed')],
    ['named a message that is not in the batch', () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] })],
    ['named nothing', () => ({ batchItemFailures: [{ itemIdentifier: '' }] })],
    ['named null', () => ({ batchItemFailures: [{ itemIdentifier: null }] })],
    ['misspelt the key', (ids) => ({ batchItemFailures: [{ messageId: ids[0] }] })],
    ['answered a text', () => 'done'],
  ])('has all messages of a batch come again where the function %s', async (_, answer) => {
    await send('one');
    await send('two');
    feed([answer]);
    await expect.poll(() => batches.length).toBe(1);
    await turn();
    expect(await counts('letters')).toEqual([0, 2, 0]);
  });

  it('takes no answer about single messages where the template does not ask for them', async () => {
    await send('one');
    feed([failing], { reportsBatchItemFailures: false });
    await expect.poll(() => batches.length).toBe(1);
    await expect.poll(() => counts('letters')).toEqual([0, 0, 0]);
  });

  it('gives up what was received too often, to the dead letters', async () => {
    await send('bad');
    feed([failing]);
    for (let receives = 1; receives <= 3; receives++) {
      await expect.poll(() => batches.length).toBe(receives);
      await clock.advance(90 * SECOND_MS);
    }
    await expect.poll(() => counts('dead')).toEqual([1, 0, 0]);
    expect(batches).toHaveLength(3);
    expect(await counts('letters')).toEqual([0, 0, 0]);
  });

  it('calls the function so many times at once, and no more', async () => {
    const open: (() => void)[] = [];
    for (const text of ['1', '2', '3']) await send(text);
    feed([], { batchSize: 1 }, () => new Promise((done) => open.push(() => done({ payload: 'null' }))));
    await expect.poll(() => batches.length).toBe(2);
    await turn();
    expect(batches).toHaveLength(2);
    open[0]?.();
    await expect.poll(() => batches.length).toBe(3);
  });

  it('has the messages come again where the function cannot be called', async () => {
    await send('one');
    feed([], {}, () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.')));
    await expect.poll(() => batches.length).toBe(1);
    await turn();
    expect(await counts('letters')).toEqual([0, 1, 0]);
  });

  it('asks again, less and less often, where the role may not receive', async () => {
    refusals = 2;
    await send('one');
    feed([() => null]);
    await turn();
    await clock.advance(SECOND_MS);
    await turn();
    expect([batches, refusals]).toEqual([[], 0]);
    await clock.advance(1_000);
    await turn();
    expect(batches).toEqual([]);
    await clock.advance(SECOND_MS);
    await expect.poll(bodies).toEqual([['one']]);
  });

  it('receives nothing once it is stopped', async () => {
    feed([() => null]);
    source?.stop();
    await send('one');
    await turn();
    expect(batches).toEqual([]);
  });

  it('lets time pass freely while nothing waits', async () => {
    feed([() => null]);
    const beganMs = performance.now();
    await clock.advance(365 * 86_400 * SECOND_MS);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });
});
