import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../local/monoova/main.ts', import.meta.url));

function start(...options: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

describe('npm run monoova', () => {
  it('serves with the key given, shows its control surface and ends on TERM', async () => {
    const child = start('--port', '0', '--api-key', 'k');
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const url = /Ready (http:\S+)/.exec(String(line))?.[1] ?? '';
    const answer = await fetch(`${url}/tools/v1/ping`, { headers: { Authorization: `Basic ${btoa('k:')}` } });
    expect(answer.status).toBe(200);
    expect(await (await fetch(`${url}/_simulator/payments`)).json()).toEqual([]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('refuses a webhook URL without its token', async () => {
    const child = start('--port', '0', '--webhook-url', 'http://127.0.0.1:9');
    const errors: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(Buffer.concat(errors).toString()).toContain('belong together');
  });
});
