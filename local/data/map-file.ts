import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import type { JsonValue } from '../json.ts';
import { DataError } from './data-error.ts';
import type { Change, KeptMap } from './kept-map.ts';

/** A file is written anew when it is larger than this, and larger than twice what still counts of it. */
const COMPACTED_FROM_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;
/** Keys and values are written as they are: only their owner may read the file. */
const FILE_MODE = 0o600;

/** Where the newest line about a key stands, and how much of it is the key's own. */
type Place = { readonly offset: number; readonly lineBytes: number; readonly ownBytes: number };

/**
 * A map in an append-only file: one line for each write, `CRC-32 [[key, value], [forgotten key], ...]`.
 *
 * A line is handed to the operating system with write(2) before {@link write} returns. That outlives `kill -9` of this process:
 * the pages are the kernel's by then. It is not synced to the disk, so it need not outlive a crash of the machine. A last line
 * that is cut off (the process died while writing) was never answered for, and is dropped; any other damage refuses the file.
 */
export class MapFile implements KeptMap {
  readonly #path: string;
  readonly #places = new Map<string, Place>();
  #file: number;
  #sizeBytes = 0;
  #liveBytes = 0;
  #isClosed = false;

  /** @throws {DataError} when the file is damaged */
  constructor(path: string) {
    this.#path = path;
    // A compaction that was cut off: the whole file still stands under its own name.
    rmSync(compactedPath(path), { force: true });
    this.#file = openSync(path, 'a+', FILE_MODE);
    this.#load();
  }

  *entries(): Iterable<readonly [string, JsonValue]> {
    for (const [key, place] of this.#places) yield [key, this.#read(key, place)];
  }

  write(changes: readonly Change[]): void {
    // After the end nothing is acknowledged to anybody any more: as if the process had been killed at the close.
    if (this.#isClosed || changes.length === 0) return;
    const pairs = changes.map((change) => JSON.stringify(change));
    const line = lineOf(pairs);
    const offset = this.#sizeBytes;
    this.#append(line);
    for (const [index, [key, value]] of changes.entries()) {
      this.#note(key, value !== undefined, { offset, lineBytes: line.length, ownBytes: ownBytes(pairs[index]) });
    }
    if (this.#sizeBytes > COMPACTED_FROM_BYTES && this.#sizeBytes > 2 * this.#liveBytes) this.#compact();
  }

  /** Nothing is written after this. Safe to repeat. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
  }

  #load(): void {
    const bytes = readFileSync(this.#path);
    let start = 0;
    for (let lineNumber = 1; ; lineNumber++) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end === -1) break;
      const changes = parseLine(bytes.subarray(start, end));
      if (!changes)
        throw new DataError(`${this.#path}, line ${lineNumber}, is damaged. Restore the folder or use another.`);
      for (const change of changes) {
        const place = { offset: start, lineBytes: end + 1 - start, ownBytes: ownBytes(JSON.stringify(change)) };
        this.#note(change[0], change.length > 1, place);
      }
      start = end + 1;
    }
    if (start < bytes.length) ftruncateSync(this.#file, start);
    this.#sizeBytes = start;
  }

  #note(key: string, isKept: boolean, place: Place): void {
    this.#liveBytes -= this.#places.get(key)?.ownBytes ?? 0;
    this.#places.delete(key);
    if (!isKept) return;
    this.#places.set(key, place);
    this.#liveBytes += place.ownBytes;
  }

  /** @throws what the disk throws, after taking back what was written of the line */
  #append(line: Buffer): void {
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
    } catch (error) {
      ftruncateSync(this.#file, this.#sizeBytes);
      throw error;
    }
    this.#sizeBytes += line.length;
  }

  #read(key: string, { offset, lineBytes }: Place): JsonValue {
    const line = Buffer.alloc(lineBytes);
    readSync(this.#file, line, 0, lineBytes, offset);
    const changes = parseLine(line.subarray(0, -1)) ?? [];
    const change = changes.findLast(([name]) => name === key);
    if (change?.[1] === undefined) throw new DataError(`${this.#path} was changed by somebody else while it was used.`);
    return change[1];
  }

  /** Writes what still counts into a new file, which then takes the old one's name in one step. */
  #compact(): void {
    const path = compactedPath(this.#path);
    const file = openSync(path, 'w', FILE_MODE);
    for (const [key, value] of this.entries()) {
      const line = lineOf([JSON.stringify([key, value])]);
      for (let done = 0; done < line.length; ) done += writeSync(file, line, done);
    }
    closeSync(file);
    renameSync(path, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a+', FILE_MODE);
    this.#places.clear();
    this.#liveBytes = 0;
    this.#load();
    this.#sizeBytes = fstatSync(this.#file).size;
  }
}

function compactedPath(path: string): string {
  return `${path}.new`;
}

/** What a key would take in a line of its own. */
function ownBytes(pair = ''): number {
  return Buffer.byteLength(pair) + 'crc-crc- []\n'.length;
}

function lineOf(pairs: readonly string[]): Buffer {
  const text = `[${pairs.join(',')}]`;
  return Buffer.from(`${checksum(Buffer.from(text))} ${text}\n`);
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

/** Undefined when it is not a line that was written here, whole. */
function parseLine(line: Buffer): Change[] | undefined {
  const body = line.subarray(9);
  if (line.toString('latin1', 0, 9) !== `${checksum(body)} `) return undefined;
  return JSON.parse(body.toString('utf8'));
}
