import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from './data-error.ts';

const TAKEOVERS_MAX = 3;

type Owner = { readonly pid: number; readonly startedTicks: string };

/**
 * Takes the folder for this process. The lock of a process that is gone is taken over; a process is the same one only if it
 * started at the same tick, where the system says so (Linux), since pids are given out again.
 *
 * @returns lets it go; safe to repeat
 * @throws {DataError} naming the process that has it
 */
export function lockFolder(directory: string): () => void {
  const path = join(directory, 'lock');
  const own = JSON.stringify(ownerOf(process.pid));
  for (let takeover = 0; takeover < TAKEOVERS_MAX; takeover++) {
    if (create(path, own)) return () => release(path, own);
    const found = read(path);
    const owner = parse(found);
    if (owner && isAlive(owner)) {
      throw new DataError(`${directory} is used by process ${owner.pid}. End it first, or give another folder.`);
    }
    moveAway(path, found);
  }
  throw new DataError(`${directory} is being taken by another process at this moment. Try again.`);
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Another process may have taken the dead one's place since we looked: then its lock is put back. */
function moveAway(path: string, expected: string | undefined): void {
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
    if (read(away) === expected) rmSync(away, { force: true });
    else renameSync(away, path);
  } catch {
    // Somebody else moved it first: the next look tells who has it.
  }
}

function release(path: string, own: string): void {
  if (read(path) === own) rmSync(path, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined for what no living process of ours can have written: a lock is written in one piece. */
function parse(content: string | undefined): Owner | undefined {
  try {
    const owner: Partial<Owner> = JSON.parse(content ?? '');
    return typeof owner.pid === 'number' ? ownerFrom(owner.pid, String(owner.startedTicks)) : undefined;
  } catch {
    return undefined;
  }
}

function ownerFrom(pid: number, startedTicks: string): Owner {
  return { pid, startedTicks };
}

function ownerOf(pid: number): Owner {
  return ownerFrom(pid, startedTicks(pid));
}

/** The 22nd field of /proc/PID/stat (proc(5)); the second one, a name in brackets, may hold blanks. Empty elsewhere. */
function startedTicks(pid: number): string {
  const stat = read(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // A process of another user lives, and may not be signalled.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startedTicks(owner.pid) === owner.startedTicks;
}
