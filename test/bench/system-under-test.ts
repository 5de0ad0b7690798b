import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { REGION } from '../../local/aws/account.ts';
import { ROOT } from '../../local/aws/credentials.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const READY = /^Ready .*?(http:\/\/127\.0\.0\.1:\d+\/dev) /m;
/** A synthesis may come first. */
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 5_000;
/** Linux counts a process's time in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100;
const DAY_MS = 86_400_000;

type Monoova = { readonly baseUrl: string; readonly apiKey: string };

/** `npm start -- --no-demo` as a process of its own, with the demonstration's customers registered. */
export class SystemUnderTest {
  readonly apiUrl: string;
  readonly #monoova: Monoova;
  readonly #child: ChildProcess;

  /** @throws when it does not say Ready in 90 s; nothing is left running */
  static async start(): Promise<SystemUnderTest> {
    const awsPort = await freePort();
    const main = resolve(PROJECT, 'local/main.ts');
    const args = [...process.execArgv, main, '--no-demo', '--port', '0', '--aws-port', String(awsPort)];
    const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'inherit'] });
    process.once('exit', () => child.kill('SIGKILL'));
    try {
      const apiUrl = await untilReady(child);
      return new SystemUnderTest(child, apiUrl, await monoovaOf(awsPort));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  private constructor(child: ChildProcess, apiUrl: string, monoova: Monoova) {
    this.#child = child;
    this.apiUrl = apiUrl;
    this.#monoova = monoova;
  }

  /** How many payments Monoova has made under each unique reference, asked as any client of Monoova would. */
  async payments(): Promise<Map<string, number>> {
    const { baseUrl, apiKey } = this.#monoova;
    // From yesterday to tomorrow, whatever the day is in Sydney.
    const days = [-DAY_MS, DAY_MS].map((ms) => new Date(Date.now() + ms).toISOString().slice(0, 'yyyy-mm-dd'.length));
    const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
    const response = await fetch(`${baseUrl}/financial/v2/status/${days.join('/')}`, { headers: { authorization } });
    const { statuses } = (await response.json()) as { statuses: { uniqueReference: string }[] };
    const counts = new Map<string, number>();
    for (const { uniqueReference } of statuses) counts.set(uniqueReference, (counts.get(uniqueReference) ?? 0) + 1);
    return counts;
  }

  /** Processor time of the whole process and the memory it holds now. Not a number where there is no /proc. */
  usage(): { readonly cpuMs: number; readonly residentMb: number } {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      // "pid (name) state …": the name may hold anything, hence from its last parenthesis on; utime and stime are 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return {
        cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND,
        residentMb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024,
      };
    } catch {
      return { cpuMs: Number.NaN, residentMb: Number.NaN };
    }
  }

  /** Asks it to end, and ends it after 5 s. Safe to repeat. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }
}

async function untilReady(child: ChildProcess): Promise<string> {
  let printed = '';
  const isReady = new Promise<string>((found, fail) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      // What it says after Ready (faults) is worth seeing; the rest would only hide the table.
      if (READY.test(printed)) process.stderr.write(chunk);
      printed += chunk;
      const apiUrl = READY.exec(printed)?.[1];
      if (apiUrl !== undefined) found(apiUrl);
    });
    child.once('exit', (code) => fail(new Error(`The local run ended with ${code}:\n${printed}`)));
    setTimeout(() => fail(new Error(`The local run is not ready:\n${printed}`)), READY_TIMEOUT_MS).unref();
  });
  return isReady;
}

/** The run says nowhere else where its Monoova is. */
async function monoovaOf(awsPort: number): Promise<Monoova> {
  const endpoint = `http://127.0.0.1:${awsPort}`;
  const client = new SecretsManagerClient({ endpoint, region: REGION, credentials: ROOT });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'monoova/dev/api-key' }));
  client.destroy();
  return JSON.parse(SecretString ?? '{}');
}

/** Another process may take it before it is used: then the run says so and ends. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
