import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

/** `npm start`'s program as a process of its own. The CDK app is synthesised first where its inputs have changed. */
const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = resolve(ROOT, 'local/main.ts');

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(args: string[], via: string[] = []) {
  const [command = process.execPath, ...leading] = via;
  const child = spawn(command, [...leading, MAIN, '--port', '0', '--aws-port', '0', ...args], { cwd: ROOT });
  children.push(child);
  const seen = { output: '' };
  const keep = (chunk: Buffer) => {
    seen.output += chunk;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, seen };
}

/** Looks every 20 ms. @throws after `timeoutMs` of real time, showing what was printed */
async function waitFor(what: () => boolean, seen: { output: string }, timeoutMs: number): Promise<void> {
  const givenUpAtMs = performance.now() + timeoutMs;
  while (!what()) {
    if (performance.now() > givenUpAtMs) throw new Error(`Waited ${timeoutMs} ms in vain. Printed:\n${seen.output}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const READY = /^Ready .*(http:\/\/127\.0\.0\.1:\d+\/dev) \(pid (\d+)\)$/m;
const START_TIMEOUT_MS = 50_000;
const TEST_TIMEOUT_MS = 60_000;

async function untilReady(seen: { output: string }): Promise<{ apiUrl: string; pid: number }> {
  await waitFor(() => READY.test(seen.output), seen, START_TIMEOUT_MS);
  const [, apiUrl = '', pid] = READY.exec(seen.output) ?? [];
  return { apiUrl, pid: Number(pid) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm start', { timeout: TEST_TIMEOUT_MS }, () => {
  it('says Ready when it serves, shows one payout to Completed, and ends with 0 within two seconds of TERM', async () => {
    const { child, seen } = start([]);
    const { apiUrl, pid } = await untilReady(seen);
    const health = await fetch(`${apiUrl}/health`);
    await waitFor(() => seen.output.includes('Customers:'), seen, START_TIMEOUT_MS);

    const toldAtMs = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');

    expect(performance.now() - toldAtMs).toBeLessThan(2_000);
    expect(code).toBe(0);
    expect(health.status).toBe(200);
    expect(pid).toBe(child.pid);
    expect(seen.output).toMatch(
      /ValidatePayout[\s\S]*POST .*execute[\s\S]*202 Pending[\s\S]*webhook NppPaymentStatus[\s\S]*: Completed\nCompleted in \d+ ms/,
    );
    expect(seen.output).toContain('curl -sS --aws-sigv4');
  });

  it('ends when whoever started it is gone', async () => {
    const { child, seen } = start(['--no-demo'], ['sh', '-c', `"${process.execPath}" "$@"; true`, 'sh']);
    const { pid } = await untilReady(seen);

    child.kill('SIGKILL');

    await waitFor(() => !isAlive(pid), seen, 5_000);
  });

  it('names a port that is in use and the option for another, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const { child, seen } = start(['--port', String(port), '--no-demo']);
    const [code] = await once(child, 'exit');
    other.close();

    expect(code).toBe(1);
    expect(seen.output.trim()).toBe(`Port ${port} is in use. Choose another with --port, or end what uses it.`);
  });
});
