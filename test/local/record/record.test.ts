import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metricsOf } from '../../../local/record/metrics.ts';
import { recordAnswers } from '../../../local/record/record-answers.ts';
import { openRecord } from '../../../local/record/recorder.ts';
import { createRecording } from '../../../local/record/recording.ts';
import { closeServer, listenOn } from '../../../local/template/listen.ts';
import { MemoryMap } from '../data/memory-map.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'record-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const clock = { nowMs: () => Date.UTC(2025, 0, 15) };
const time = '2025-01-15T00:00:00.000Z';
const open = () => openRecord(directory, clock);
const lines = (kind: string) =>
  readFileSync(join(directory, `${kind}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('a record', () => {
  it('is appended to by each run, a line for each thing, readable by its owner alone', () => {
    for (const name of ['one', 'two']) {
      const recorder = open();
      recorder.write('topic', { name });
      recorder.close();
      recorder.write('topic', { name: 'too late' });
    }
    expect(lines('topic')).toEqual([
      { time, name: 'one' },
      { time, name: 'two' },
    ]);
    expect(statSync(join(directory, 'topic.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('has log lines, and the metrics in them', () => {
    const message = JSON.stringify({
      _aws: {
        CloudWatchMetrics: [
          { Namespace: 'Payouts', Dimensions: [['service']], Metrics: [{ Name: 'Paid', Unit: 'Count' }] },
        ],
      },
      service: 'submit',
      Paid: [1],
    });
    const line = { logGroupName: 'group', streamName: 'stream', timestampMs: 1, message };
    createRecording(open(), () => undefined).onLogLine(line);
    expect(lines('log')).toEqual([{ time, ...line }]);
    const dimensions = { service: 'submit' };
    expect(lines('metric')).toEqual([
      { time, namespace: 'Payouts', name: 'Paid', unit: 'Count', value: [1], dimensions },
    ]);
  });

  it.each(['plain text', '{"_aws": 1}', '{"_aws"', '{"_aws":{"CloudWatchMetrics":"none"}}'])(
    'finds no metric in %s',
    (text) => {
      expect(metricsOf(text)).toEqual([]);
    },
  );

  it('has each item and each message whole, as it is stored, whether or not data is kept', () => {
    const kept = new MemoryMap();
    for (const keep of [() => kept, () => undefined]) {
      const recording = createRecording(open(), keep);
      recording.keep('dynamodb')?.write([['payouts/a/b', { id: { S: 'a' } }]]);
      recording.keep('sqs')?.write([['letters/1', { body: 'x' }], ['letters/1']]);
    }
    expect(kept.writes).toHaveLength(2);
    const item = { time, table: 'payouts', item: { id: { S: 'a' } } };
    expect(lines('item')).toEqual([item, item]);
    expect(lines('queue').slice(0, 2)).toEqual([
      { time, queue: 'letters', message: { body: 'x' } },
      { time, queue: 'letters', message: null },
    ]);
  });

  it.each(['secretsmanager', 'kms', 'ssm'])('has nothing of what %s keeps', (service) => {
    const kept = new MemoryMap();
    expect(createRecording(open(), () => kept).keep(service)).toBe(kept);
  });

  it('has what the API answers, but not where the gateway quotes the caller', async () => {
    const recorder = open();
    const server = createServer(
      recordAnswers((request, response) => {
        if (request.url === '/refused') response.setHeader('x-amzn-ErrorType', 'BadRequestException');
        response.end(Buffer.from('{"a":1}'));
      }, recorder),
    );
    const port = await listenOn(server, 0, '--port');
    for (const path of ['', 'refused']) {
      expect(await (await fetch(`http://127.0.0.1:${port}/${path}`)).text()).toBe('{"a":1}');
    }
    await closeServer(server);
    expect(lines('answer')).toMatchObject([
      { method: 'GET', status: 200, body: '{"a":1}' },
      { method: 'GET', status: 200, body: null },
    ]);
  });
});
