import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../local/data/data-folder.ts';
import { OFFSET_KEY } from '../../../local/data/kept-offset.ts';
import { fetchSigned } from '../../../local/demo-signer.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const TIMEOUT_MS = 60_000;
const API_KEY = 'kill-test-api-key';
const WEBHOOK_TOKEN = 'kill-test-webhook-token';
/** Past the guard's first wait, of a minute. */
const FIRST_WAIT_MS = 61_000;
/** Past its second one, of two. */
const SECOND_WAIT_MS = 121_000;

type Program = { readonly child: ChildProcess; readonly ready: RegExpExecArray };
type Seen = { readonly method: string; readonly path: string; readonly uniqueReference: string };

const children: ChildProcess[] = [];

/** Runs one of the project's programs in a process of its own until it prints Ready. */
async function run(file: string, args: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, [resolve(ROOT, file), ...args], { cwd: ROOT });
  children.push(child);
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ready = await until(() => {
    if (child.exitCode !== null) throw new Error(`${file} ended:\n${output}`);
    return /^Ready .*?(http:[^\s,]+).*\(pid (\d+)\)/m.exec(output) ?? undefined;
  });
  return { child, ready };
}

/** Asks again and again until the answer is not undefined. */
async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const givenUpAtMs = performance.now() + TIMEOUT_MS / 2;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > givenUpAtMs) throw new Error('What was waited for has not come about');
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a system that is killed', { timeout: TIMEOUT_MS }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'data-'));
  let monoovaUrl = '';
  let ports: readonly [api: number, aws: number] = [0, 0];
  let offsetMs = 0;

  beforeAll(async () => {
    ports = [await freePort(), await freePort()];
    const webhookUrl = `http://127.0.0.1:${ports[0]}/dev/webhooks/monoova`;
    const webhook = ['--webhook-url', webhookUrl, '--webhook-token', WEBHOOK_TOKEN];
    const { ready } = await run('local/monoova/main.ts', ['--port', '0', '--api-key', API_KEY, ...webhook]);
    monoovaUrl = ready[1] ?? '';
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  /** With other ports the very same data is asked for a second time. */
  function start([api, aws] = ports): Promise<Program> {
    const monoova = ['--monoova-url', monoovaUrl, '--monoova-api-key', API_KEY, '--webhook-token', WEBHOOK_TOKEN];
    const listening = ['--port', String(api), '--aws-port', String(aws)];
    return run('local/main.ts', [...listening, ...monoova, '--data', directory, '--no-demo']);
  }

  /** By the pid that Ready printed; the port refuses afterwards. */
  async function kill({ child, ready }: Program): Promise<void> {
    process.kill(Number(ready[2]), 'SIGKILL');
    await once(child, 'exit');
    await expect(fetch(`http://127.0.0.1:${ports[0]}/dev/health`)).rejects.toThrow('fetch failed');
  }

  /** As if so much time had passed before the next start. */
  function letPass(ms: number): void {
    offsetMs += ms;
    const folder = openDataFolder(directory);
    folder.map('clock').write([[OFFSET_KEY, offsetMs]]);
    folder.close();
  }

  async function api(method: string, path: string, body?: object) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': JSON.stringify(body ?? '') };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const url = `http://127.0.0.1:${ports[0]}/dev${path}`;
    const response = await fetchSigned({ method, url, headers, ...content, nowMs: Date.now() + offsetMs });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const pay = (who: string) =>
    api('POST', '/payouts', { customer_id: `cust-demo-${who}`, amount: 20, payout_method: 'PayId' });

  async function seen(what: 'payments' | 'requests'): Promise<Seen[]> {
    return (await (await fetch(`${monoovaUrl}/_simulator/${what}`)).json()) as Seen[];
  }

  const guardOf = (id: string) => `arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement:${id}`;

  async function asked<Answer>(ask: (states: SFNClient) => Promise<Answer>): Promise<Answer> {
    const states = new SFNClient({
      region: 'ap-southeast-2',
      endpoint: `http://127.0.0.1:${ports[1]}`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      systemClockOffset: offsetMs,
    });
    return ask(states).finally(() => states.destroy());
  }

  const guardStatus = async (id: string) =>
    (await asked((states) => states.send(new DescribeExecutionCommand({ executionArn: guardOf(id) })))).status;

  /** The errors of the tasks of a payout's guard that failed. */
  async function failures(id: string): Promise<(string | undefined)[]> {
    const command = new GetExecutionHistoryCommand({ executionArn: guardOf(id) });
    const { events = [] } = await asked((states) => states.send(command));
    return events.flatMap(({ taskFailedEventDetails: failed }) => (failed ? [failed.error] : []));
  }

  /** How often Monoova was asked for each of these payouts. */
  async function looks(ids: readonly string[]): Promise<number[]> {
    const asked = (await seen('requests')).filter(({ method }) => method === 'GET');
    return ids.map((id) => asked.filter(({ path }) => path.includes(id.slice('txn-'.length))).length);
  }

  const answerLooks = (behaviour: object) =>
    fetch(`${monoovaUrl}/_simulator/script`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ behaviour, on: 'status' }),
    });

  it('brings each payout to its end, each paid once, whenever it is killed', async () => {
    const first = await start();
    const answers = await Promise.all(['payid', 'no-webhook', 'lost-response'].map(pay));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const ids = answers.map(({ body }) => String(body['transaction_id']));
    // Its webhook has rung, so that its guard asks nothing from here on.
    await until(async () => ((await guardStatus(ids[0] ?? '')) === 'SUCCEEDED' ? true : undefined));

    // In the middle of a submission: the payment is made, its answer on the way, and its client hears nothing.
    const unheard = pay('slow').catch(() => 'unheard');
    await until(async () => ((await seen('payments')).length === 4 ? true : undefined));
    await kill(first);
    expect(await unheard).toBe('unheard');

    // In the middle of the guards' look-ups, which time that passed while nothing ran has made due.
    letPass(FIRST_WAIT_MS);
    await answerLooks({ answerDelayMs: 2_000 });
    const second = await start();
    // The webhook of the slow one may come first; the other two have none.
    const silent = ids.slice(1);
    await until(async () => ((await looks(silent)).every((count) => count === 1) ? true : undefined));
    await kill(second);
    await answerLooks({});

    // While the guards wait again, since a look-up that was cut off has failed and is not made again in silence. The client
    // repeats its request, which is known.
    const third = await start();
    const repeated = await pay('slow');
    // Its webhook may have been faster than the start of the third run.
    expect(repeated).toMatchObject({ status: 202, body: { status: expect.stringMatching(/^(Pending|Completed)$/) } });
    ids.push(String(repeated.body['transaction_id']));
    for (const id of silent) await until(async () => ((await failures(id)).length > 0 ? true : undefined));
    expect(await failures(silent[0] ?? '')).toEqual(['Lambda.Unknown']);
    expect(await looks(silent)).toEqual([1, 1]);
    await kill(third);

    letPass(SECOND_WAIT_MS);
    await start();
    for (const id of ids) {
      await until(async () => ((await api('GET', `/payouts/${id}`)).body['status'] === 'Completed' ? true : undefined));
    }
    const paid = (await seen('payments')).map(({ uniqueReference }) => `txn-${uniqueReference}`);
    expect(paid.sort()).toEqual(ids.sort());
  });

  it('is alone with its data', async () => {
    await expect(start([0, 0])).rejects.toThrow(/is used by process \d+/);
  });
});
