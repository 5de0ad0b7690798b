/**
 * Runs one of the project's programs on a fresh clone: `node run.mjs <script.ts | bin of node_modules> [arguments]`.
 *
 * It installs the locked dependencies when they are missing or stale, then goes on with the Node 24 that the lockfile
 * pins. This file itself must run on any Node from 20 on and before anything is installed: plain JavaScript, no imports
 * but Node's own. What it has to say goes to standard error, so that a program's output can be piped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(fileURLToPath(import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const STAMP = join(ROOT, 'node_modules', '.installed-lockfile');
const LOCK = join(ROOT, '.local', 'install.lock');

const INSTALL_TIMEOUT_MS = 15 * 60_000;
/** Longer than one installation may take, so that a second start outlives the first one's attempt. */
const LOCK_TIMEOUT_MS = INSTALL_TIMEOUT_MS + 30_000;
const POLL_MS = 250;
const PROGRESS_MS = 5_000;
const KILL_AFTER_MS = 10_000;
const PARENT_POLL_MS = 1_000;
const ERROR_TAIL_LINES = 15;

/**
 * Room for new objects, in MB: a payout makes many that live for a second or two, and by default most of them are copied twice before they
 * die ("--max-semi-space-size" in https://nodejs.org/api/cli.html).
 */
const NODE_OPTIONS = ['--max-semi-space-size=64', '--min-semi-space-size=16'];

class RefusedError extends Error {
  name = 'RefusedError';
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (text) => process.stderr.write(text);

// --- The dependencies ------------------------------------------------------------------------------------------------

/** What node_modules was installed from. The platform is part of it: native packages do not survive a copied folder. */
function wantedStamp() {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`;
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp();
}

async function ensureInstalled() {
  if (isInstalled()) return;
  await takeLock();
  try {
    // Another start may have installed everything while this one waited.
    if (!isInstalled()) await install();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

async function install() {
  // The stamp goes first: a broken installation must never look like a whole one.
  rmSync(STAMP, { force: true });
  const stamp = wantedStamp();
  const startedAtMs = Date.now();
  const elapsedSeconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  say('Installing the locked dependencies (npm ci), once for this lockfile:');
  const progress = setInterval(() => say(` ${elapsedSeconds()} s`), PROGRESS_MS);
  const { code, output } = await runNpmCi();
  clearInterval(progress);
  if (code !== 0) {
    say(` failed after ${elapsedSeconds()} s.\n`);
    throw new RefusedError(
      `npm ci failed (exit code ${code}). The end of what it said:\n\n${tail(output)}\n\n${ADVICE}`,
    );
  }
  writeFileSync(STAMP, stamp);
  say(` done in ${elapsedSeconds()} s.\n`);
}

const ADVICE =
  'Nothing was started. With a connection to the npm registry (or its configured mirror), the same command goes on.';

const tail = (text) => text.trimEnd().split('\n').slice(-ERROR_TAIL_LINES).join('\n');

/** `npm_execpath` is the very npm that started us; without it (plain `node run.mjs`) the npm of the path is used. */
function runNpmCi() {
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? { command: process.execPath, leading: [process.env.npm_execpath] }
    : { command: 'npm', leading: [] };
  const child = spawn(npm.command, [...npm.leading, 'ci', '--include=dev', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const letGo = tieToUs(child);
  return new Promise((done) => {
    child.once('error', (error) => done({ code: 1, output: `npm could not be started: ${error.message}` }));
    child.once('close', (code, signal) => done({ code: code ?? signal ?? 1, output }));
  }).finally(letGo);
}

// --- One installation at a time --------------------------------------------------------------------------------------

/** Waits while a living process installs; takes over from a dead one. */
async function takeLock() {
  mkdirSync(dirname(LOCK), { recursive: true });
  const deadlineMs = Date.now() + LOCK_TIMEOUT_MS;
  let isAnnounced = false;
  while (!tryLock()) {
    const holder = lockHolder();
    if (holder !== undefined && !isAlive(holder)) {
      removeLockOf(holder);
      continue;
    }
    if (!isAnnounced) say(`Waiting for process ${holder ?? '(unknown)'}, which is installing the dependencies.\n`);
    isAnnounced = true;
    if (Date.now() > deadlineMs) {
      throw new RefusedError(
        `Process ${holder} has held ${LOCK} for too long. If it is not an installation, delete that file.`,
      );
    }
    await pause(POLL_MS);
  }
}

/** A hard link appears whole or not at all, so that nobody reads a lock without its owner in it. */
function tryLock() {
  const draft = `${LOCK}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The process id in the lock; undefined when the lock has just been released or holds no number. */
function lockHolder(path = LOCK) {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moves the dead owner's lock away, and puts it back when in the meantime a living one had taken its place. */
function removeLockOf(deadPid) {
  const aside = `${LOCK}.stale.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (lockHolder(aside) !== deadPid) linkSync(aside, LOCK);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

// --- The program -----------------------------------------------------------------------------------------------------

/** The pinned Node where its package exists and runs (Linux with glibc), else the running one if it is of the same line. */
function findNode() {
  const pinned = join(BIN, 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (process.versions.node.startsWith('24.')) return process.execPath;
  throw new RefusedError(
    `This project runs on Node 24 and brings its own on Linux (x64, arm64 with glibc). On ${process.platform}-${process.arch} ` +
      `install Node 24 yourself (see .node-version, e.g. "fnm use" or "brew install node@24") and run the same command ` +
      `with it. The running one is ${process.version}.`,
  );
}

function commandFor(program, args) {
  const node = findNode();
  if (program.endsWith('.ts')) return { node, command: node, args: [...NODE_OPTIONS, resolve(ROOT, program), ...args] };
  const bin = join(BIN, program);
  if (!existsSync(bin))
    throw new RefusedError(`"${program}" is neither a .ts file nor a program in node_modules/.bin.`);
  return { node, command: bin, args };
}

function endBySignal(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
}

/** Resolves with the program's exit code; 128 + the signal's number where a signal ended it, as a shell reports it. */
function runToEnd({ node, command, args }) {
  const path = [BIN, dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  const letGo = tieToUs(child);
  return new Promise((done, fail) => {
    child.once('error', (error) => fail(new RefusedError(`${command} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  }).finally(letGo);
}

/** The child ends when we are told to end and when whoever started us is gone. */
function tieToUs(child) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => endBySignal(child, signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const stopWatching = watchParent(() => endBySignal(child, 'SIGTERM'));
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    stopWatching();
  };
}

/**
 * Calls `onGone` when whoever started us has ended. npm starts scripts through a shell that may outlive it, so under
 * npm the shell's own parent is watched too (where /proc tells; elsewhere the shell replaces itself by the program).
 */
function watchParent(onGone) {
  const parent = process.ppid;
  const grandparent = process.env.npm_lifecycle_event ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    const isGone = process.ppid !== parent || (grandparent !== undefined && parentOf(parent) !== grandparent);
    if (!isGone) return;
    clearInterval(timer);
    onGone();
  }, PARENT_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function parentOf(pid) {
  try {
    // "pid (name) state ppid ...": the name may hold anything, hence from its last parenthesis on.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

async function main([program, ...args]) {
  if (!program) throw new RefusedError('Usage: node run.mjs <script.ts | bin of node_modules> [arguments]');
  await ensureInstalled();
  return runToEnd(commandFor(program, args));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof RefusedError)) throw error;
  say(`${error.message}\n`);
  process.exitCode = 1;
}
