import type { Change, KeptMap } from '../../../local/data/kept-map.ts';
import type { JsonValue } from '../../../local/json.ts';

/** Keeps in memory what a file would keep: as JSON, and write by write, so that a test can go back to any moment. */
export class MemoryMap implements KeptMap {
  readonly writes: string[];
  readonly #onWrite: () => void;

  constructor(writes: readonly string[] = [], onWrite: () => void = () => undefined) {
    this.writes = [...writes];
    this.#onWrite = onWrite;
  }

  entries(): Iterable<readonly [string, JsonValue]> {
    const map = new Map<string, JsonValue>();
    for (const write of this.writes) {
      for (const [key, value] of JSON.parse(write) as Change[]) {
        if (value === undefined) map.delete(key);
        else map.set(key, value);
      }
    }
    return map;
  }

  write(changes: readonly Change[]): void {
    this.writes.push(JSON.stringify(changes));
    this.#onWrite();
  }
}
