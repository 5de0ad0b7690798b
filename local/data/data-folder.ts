import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { lockFolder } from './folder-lock.ts';
import type { KeptMap } from './kept-map.ts';
import { MapFile } from './map-file.ts';

const FORMAT_FILE = 'format';
const FORMAT = 'payouts-local-data 1\n';

/** The folder of `--data`: a file for each service, for one process at a time. */
export type DataFolder = {
  /** The same map each time. @throws {DataError} when its file is damaged */
  map(service: string): KeptMap;
  /** Nothing is written after this, and another process may use the folder. Safe to repeat. */
  close(): void;
};

/**
 * Opens the folder, or makes it, readable by its owner alone: it holds the keys and secrets of the local run.
 *
 * @throws {DataError} when another process uses it, or when it holds anything else
 */
export function openDataFolder(directory: string): DataFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  refuseForeign(directory);
  const unlock = lockFolder(directory);
  writeFormat(directory);
  const files = new Map<string, MapFile>();
  return {
    map(service) {
      const known = files.get(service);
      if (known) return known;
      const made = new MapFile(join(directory, `${service}.jsonl`));
      files.set(service, made);
      return made;
    },
    close() {
      for (const file of files.values()) file.close();
      unlock();
    },
  };
}

function refuseForeign(directory: string): void {
  const names = readdirSync(directory);
  if (names.includes(FORMAT_FILE)) {
    const format = readFileSync(join(directory, FORMAT_FILE), 'utf8');
    if (format === FORMAT) return;
    throw new DataError(
      `${directory} is of another format (${JSON.stringify(format.slice(0, 40))}): use another folder.`,
    );
  }
  // A start that was cut off leaves a lock, and perhaps the format under its first name.
  const foreign = names.filter((name) => !name.startsWith('lock') && name !== `${FORMAT_FILE}.new`);
  if (foreign.length === 0) return;
  throw new DataError(
    `${directory} holds other files (${foreign.slice(0, 3).join(', ')}): give an empty or a new folder.`,
  );
}

/** In one step, so that a start that is cut off leaves either no format or the whole of it. */
function writeFormat(directory: string): void {
  const path = join(directory, FORMAT_FILE);
  writeFileSync(`${path}.new`, FORMAT, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
