import type { JsonValue } from '../json.ts';

/** A value to keep under a key, or, without one, a key to forget. */
export type Change = readonly [key: string, value?: JsonValue];

/**
 * What one service keeps, by key. A service that is given none keeps nothing beyond the process.
 */
export interface KeptMap {
  /** Everything kept, in no promised order. */
  entries(): Iterable<readonly [string, JsonValue]>;
  /**
   * Keeps all of the changes or none. When it returns, they outlive the process, whatever ends it.
   * @throws what the disk throws; then nothing of it is kept
   */
  write(changes: readonly Change[]): void;
}

/** Gives each service its own map, by name; undefined where nothing is kept. */
export type Keep = (service: string) => KeptMap | undefined;
