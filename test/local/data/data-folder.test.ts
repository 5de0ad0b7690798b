import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../../local/data/data-error.ts';
import { openDataFolder } from '../../../local/data/data-folder.ts';

let directory = '';

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'data-folder-')), 'data');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

describe('a data folder', () => {
  it('is made for its owner alone, and has a map for each service', () => {
    const folder = openDataFolder(directory);
    folder.map('kms').write([['key', 'material']]);
    expect(folder.map('kms')).toBe(folder.map('kms'));
    expect([...folder.map('sqs').entries()]).toEqual([]);
    folder.close();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const again = openDataFolder(directory);
    expect([...again.map('kms').entries()]).toEqual([['key', 'material']]);
    again.close();
  });

  it('is refused to a second process, by the pid of the first', () => {
    const folder = openDataFolder(directory);
    expect(() => openDataFolder(directory)).toThrow(DataError);
    expect(() => openDataFolder(directory)).toThrow(`${directory} is used by process ${process.pid}`);
    folder.close();
  });

  it('is taken over from a process that is gone, and from one whose pid was given to another', () => {
    openDataFolder(directory).close();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const owner of [
      { pid: gone, startedTicks: '1' },
      { pid: process.pid, startedTicks: '1' },
    ]) {
      writeFileSync(join(directory, 'lock'), JSON.stringify(owner));
      openDataFolder(directory).close();
    }
    writeFileSync(join(directory, 'lock'), '');
    openDataFolder(directory).close();
  });

  it('is refused when it holds anything else, which is left as it was', () => {
    const home = join(directory, '..');
    writeFileSync(join(home, 'letter.txt'), 'dear');
    expect(() => openDataFolder(home)).toThrow(/holds other files \(letter.txt\)/);
    expect(readFileSync(join(home, 'letter.txt'), 'utf8')).toBe('dear');
  });

  it('is refused when it is of another format', () => {
    openDataFolder(directory).close();
    writeFileSync(join(directory, 'format'), 'payouts-local-data 99\n');
    expect(() => openDataFolder(directory)).toThrow(/of another format \("payouts-local-data 99/);
  });
});
