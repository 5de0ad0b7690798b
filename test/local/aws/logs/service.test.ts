import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceTypes } from '../../../../local/aws/logs/resources.ts';
import { LogsService } from '../../../../local/aws/logs/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import { type Served, serve } from '../serve.ts';

const logs = new LogsService({ clock: new ShiftableClock() });
const GROUP = '/aws/lambda/submit-payment';
let served: Served;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  logs.put(GROUP, 's1', '{"payout":{"status":"Failed"},"note":"a \\"quoted\\" word"}', 1000);
  logs.put(GROUP, 's2', '{"payout":{"status":"Completed"}}', 3000);
  logs.put(GROUP, 's1', 'START RequestId: 1', 2000);
  served = await serve([logs]);
  client = new CloudWatchLogsClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

const filter = (more: Partial<FilterLogEventsCommandInput>) =>
  client.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...more }));
const times = async (more: Partial<FilterLogEventsCommandInput>) =>
  ((await filter(more)).events ?? []).map((event) => event.timestamp);

test.each([
  ['nothing', {}, [1000, 2000, 3000]],
  ['a term', { filterPattern: '"RequestId"' }, [2000]],
  ['a term with quotes in it', { filterPattern: '"\\\\\\"quoted"' }, [1000]],
  ['a field of JSON', { filterPattern: '{ $.payout.status = "Failed" }' }, [1000]],
  ['a field that is not there', { filterPattern: '{ $.payout.status.deeper = "Failed" }' }, []],
  ['a time', { startTime: 2000, endTime: 3000 }, [2000, 3000]],
  ['a stream', { logStreamNames: ['s2'] }, [3000]],
])('lines are filtered by %s, in order of time', async (_name, more, expected) => {
  expect(await times(more)).toEqual(expected);
});

test.each(['RequestId', '"a" "b"', '{ $.n > 5 }', '{ $.a = "x*" }', '?ERROR', '[ip, user]'])(
  'the pattern %s is refused by name',
  async (filterPattern) => {
    await expect(filter({ filterPattern })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(filterPattern),
    });
  },
);

test('pages neither repeat nor skip a line', async () => {
  for (let n = 0; n < 25; n++) logs.put('/paged', 's', `line ${n}`, n);
  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await filter({ logGroupName: '/paged', limit: 10, ...(nextToken ? { nextToken } : {}) });
    seen.push(...(page.events ?? []).map((event) => event.message));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `line ${n}`));
});

test('a group keeps its newest hundred thousand lines', async () => {
  for (let n = 0; n < 100_001; n++) logs.put('/busy', 's', `line ${n}`, n);
  const { events } = await filter({ logGroupName: '/busy', limit: 1 });
  expect(events?.[0]?.message).toBe('line 1');
});

test('a group of the template is described, and one that is not there is ResourceNotFoundException', async () => {
  const type = 'AWS::Logs::LogGroup';
  const place = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
  const properties = { LogGroupName: '/payouts/dev/submission', RetentionInDays: 30 };
  const identity = resourceTypes[type]?.identity('Submission', properties, place) ?? { ref: '', attributes: {} };
  await resourceTypes[type]?.create({ logicalId: 'Submission', type, properties, ...identity }, { logs });
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/payouts' }));
  expect(logGroups).toMatchObject([{ logGroupName: '/payouts/dev/submission', arn: identity.attributes['Arn'] }]);
  await expect(filter({ logGroupName: '/nowhere' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
