import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/**
 * Runs a copy of run.mjs in a project of its own, with a stand-in for npm on the path: it writes down each call, fails
 * where a file `npm-fails` exists, and otherwise installs a link to the running Node.
 */
const FAKE_NPM = `#!/bin/sh
echo "$@" >> npm-calls
if [ -f npm-fails ]; then echo "npm error code ENOTFOUND" >&2; exit 7; fi
sleep 0.3
rm -rf node_modules && mkdir -p node_modules/.bin
ln -s "${process.execPath}" node_modules/.bin/node
`;

let project: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'run-'));
  copyFileSync(new URL('../run.mjs', import.meta.url), join(project, 'run.mjs'));
  write('package-lock.json', '{"lockfileVersion": 3}');
  write(
    'hello.ts',
    'const name: string = process.argv[2] ?? "nobody";\nconsole.log(`hello ${name} from ${process.version}`);',
  );
  mkdirSync(join(project, 'path'));
  write('path/npm', FAKE_NPM);
  chmodSync(join(project, 'path/npm'), 0o755);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(project, { recursive: true, force: true });
});

const write = (file: string, text: string) => writeFileSync(join(project, file), text);
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const npmCalls = () => (existsSync(join(project, 'npm-calls')) ? read('npm-calls').trim().split('\n') : []);

function start(args: string[], via: string[] = []): { child: ChildProcess; output: () => string } {
  const { npm_execpath: _, npm_lifecycle_event: __, ...env } = process.env;
  const [command = process.execPath, ...leading] = via;
  const child = spawn(command, [...leading, 'run.mjs', ...args], {
    cwd: project,
    env: { ...env, PATH: `${join(project, 'path')}:${process.env['PATH']}` },
  });
  started.push(child);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  return { child, output: () => text };
}

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = start(args);
  const [code] = await once(child, 'close');
  return { code, output: output() };
}

async function waitFor(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (isTrue()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('What was waited for has not come about within 5 s.');
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A program that writes down its process id and then waits to be ended. */
const WAITING =
  'import { writeFileSync } from "node:fs";\nwriteFileSync("pid", String(process.pid));\nsetInterval(() => {}, 1000);';

describe('run.mjs', () => {
  it('installs on a fresh clone, then runs the program with its arguments', async () => {
    const { code, output } = await run('hello.ts', 'world');

    expect(output).toContain('Installing the locked dependencies (npm ci)');
    expect(output).toContain(`hello world from ${process.version}`);
    expect(code).toBe(0);
    expect(npmCalls()).toEqual(['ci --include=dev --loglevel=error']);
  });

  it('installs again when the lockfile has changed, and only then', async () => {
    await run('hello.ts');
    const second = await run('hello.ts');
    write('package-lock.json', '{"lockfileVersion": 3, "packages": {}}');
    await run('hello.ts');

    expect(second.output).not.toContain('Installing');
    expect(npmCalls()).toHaveLength(2);
  });

  it('shows what npm said when it fails, ends with 1 and tries again next time', async () => {
    write('npm-fails', '');
    const failed = await run('hello.ts');
    rmSync(join(project, 'npm-fails'));
    const next = await run('hello.ts', 'again');

    expect(failed.code).toBe(1);
    expect(failed.output).toContain('npm error code ENOTFOUND');
    expect(failed.output).not.toContain('hello');
    expect(next.output).toContain('hello again');
  });

  it('lets the second of two starts wait for the first, which installs once for both', async () => {
    const both = await Promise.all([run('hello.ts', 'one'), run('hello.ts', 'two')]);

    expect(npmCalls()).toHaveLength(1);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ output }) => output.includes('Waiting for process'))).toHaveLength(1);
  });

  it('takes over the lock of a process that is dead', async () => {
    const dead = spawn('true');
    await once(dead, 'close');
    mkdirSync(join(project, '.local'));
    write('.local/install.lock', String(dead.pid));

    const { code } = await run('hello.ts');

    expect(code).toBe(0);
    expect(existsSync(join(project, '.local/install.lock'))).toBe(false);
  });

  it('ends with the exit code of the program', async () => {
    write('fails.ts', 'process.exit(3);');

    expect((await run('fails.ts')).code).toBe(3);
  });

  it('runs a program of node_modules/.bin by name and refuses one that is not there', async () => {
    await run('hello.ts');
    write('node_modules/.bin/tool', '#!/bin/sh\necho "tool $1"');
    chmodSync(join(project, 'node_modules/.bin/tool'), 0o755);

    expect((await run('tool', 'x')).output).toContain('tool x');
    expect(await run('missing-tool')).toMatchObject({ code: 1, output: expect.stringContaining('"missing-tool"') });
  });

  it('hands SIGTERM on to the program and waits for its end', async () => {
    write('waits.ts', `${WAITING}\nprocess.on("SIGTERM", () => { console.log("ending"); process.exit(5); });`);
    const { child, output } = start(['waits.ts']);
    await waitFor(() => existsSync(join(project, 'pid')));

    child.kill('SIGTERM');
    const [code] = await once(child, 'close');

    expect(code).toBe(5);
    expect(output()).toContain('ending');
  });

  it('ends the program when whoever started it is gone', async () => {
    write('waits.ts', WAITING);
    // The shell stays the parent because something follows the command.
    const { child } = start(['waits.ts'], ['sh', '-c', `"${process.execPath}" "$@"; true`, 'sh']);
    await waitFor(() => existsSync(join(project, 'pid')) && read('pid') !== '');
    const pid = Number(read('pid'));

    child.kill('SIGKILL');

    await waitFor(() => !isAlive(pid));
  });
});
