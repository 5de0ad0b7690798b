import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';

const KINDS = ['log', 'metric', 'state', 'queue', 'topic', 'item', 'answer'] as const;
export type RecordKind = (typeof KINDS)[number];

/**
 * The folder of `--record`: what an operator, or whoever reads a disk, could ever see of a run, as JSON lines, a file for each
 * kind. A run appends to what earlier ones wrote. Secrets' values and key material are never handed to it.
 */
export type Recorder = {
  /** Appends one line with its time. Written before it returns. */
  write(kind: RecordKind, fields: JsonObject): void;
  /** Safe to repeat; nothing is written after it. */
  close(): void;
};

/** @throws what the file system throws when the folder cannot be made or written */
export function openRecord(directory: string, clock: Pick<Clock, 'nowMs'>): Recorder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = new Map(KINDS.map((kind) => [kind, openSync(join(directory, `${kind}.jsonl`), 'a', 0o600)]));
  return {
    write(kind, fields) {
      const file = files.get(kind);
      if (file === undefined) return;
      const line = Buffer.from(`${JSON.stringify({ time: new Date(clock.nowMs()).toISOString(), ...fields })}\n`);
      for (let done = 0; done < line.length; ) done += writeSync(file, line, done);
    },
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}
