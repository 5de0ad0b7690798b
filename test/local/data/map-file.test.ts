import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../../local/data/data-error.ts';
import { MapFile } from '../../../local/data/map-file.ts';

let directory = '';
let path = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'map-file-'));
  path = join(directory, 'map.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

const kept = () => {
  const file = new MapFile(path);
  const entries = Object.fromEntries(file.entries());
  file.close();
  return entries;
};

describe('a map in a file', () => {
  it('holds what was written, changed and forgotten, when it is opened again', () => {
    const file = new MapFile(path);
    file.write([['a', 1]]);
    file.write([
      ['a', { text: 'zwölf\n' }],
      ['b', [null, true]],
    ]);
    file.write([['b'], ['c', '']]);
    expect(Object.fromEntries(file.entries())).toEqual({ a: { text: 'zwölf\n' }, c: '' });
    expect(kept()).toEqual({ a: { text: 'zwölf\n' }, c: '' });
  });

  it('is readable by its owner alone', () => {
    new MapFile(path).write([['secret', 'value']]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has each write whole or not at all, wherever the last one was cut off', () => {
    const file = new MapFile(path);
    file.write([['a', 1]]);
    const before = readFileSync(path).length;
    file.write([
      ['a', 2],
      ['b', 2],
    ]);
    const whole = readFileSync(path);
    for (let length = before; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(kept()).toEqual(length === whole.length ? { a: 2, b: 2 } : { a: 1 });
    }
  });

  it('goes on after a line that was cut off', () => {
    new MapFile(path).write([['a', 1]]);
    appendFileSync(path, '1234abcd [["a",');
    new MapFile(path).write([['b', 2]]);
    expect(kept()).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['a changed byte', (text: string) => text.replace('key', 'kex')],
    ['a foreign line', () => 'hello\n'],
    ['an empty line', (text: string) => `\n${text}`],
  ])('is refused with %s, by file and line', (_, damage) => {
    new MapFile(path).write([['key', 1]]);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(() => new MapFile(path)).toThrow(DataError);
    expect(() => new MapFile(path)).toThrow(`${path}, line 1, is damaged`);
  });

  it('stays small however often its keys change, and a compaction that was cut off does no harm', () => {
    const file = new MapFile(path);
    const value = 'x'.repeat(10_000);
    for (let turn = 0; turn < 3_000; turn++) file.write([[`key ${turn % 7}`, value + turn]]);
    expect(statSync(path).size).toBeLessThan(5 * 1024 * 1024);
    writeFileSync(`${path}.new`, 'half of a compac');
    expect(Object.keys(kept()).sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((key) => `key ${key}`));
    expect(kept()['key 3']).toBe(`${value}2999`);
  });

  it('writes nothing more once it is closed', () => {
    const file = new MapFile(path);
    file.write([['a', 1]]);
    file.close();
    file.write([['a', 2]]);
    expect(kept()).toEqual({ a: 1 });
  });
});
