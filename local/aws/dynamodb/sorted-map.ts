/** Bounds of keys; without one it is open at that end. `limit` below zero is none. */
export type Range = {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
};

/**
 * A map that can be read in the order of its keys (by UTF-16 unit). Reading and writing one key costs the same however many
 * there are; the first range after writes puts the new keys in their place.
 */
export class SortedMap<Value> {
  readonly #values = new Map<string, Value>();
  /** In order; may still hold keys that were deleted. */
  #sorted: string[] = [];
  /** Not yet in their place. */
  readonly #added = new Set<string>();
  #isOutdated = false;

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.#values.has(key)) {
      this.#added.add(key);
      this.#isOutdated = true;
    }
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#isOutdated = true;
  }

  range({ gt, gte, lt, lte, reverse = false, limit = -1 }: Range): [key: string, value: Value][] {
    const keys = this.#keys();
    let from = 0;
    if (gte !== undefined) from = firstAt(keys, (key) => key >= gte);
    else if (gt !== undefined) from = firstAt(keys, (key) => key > gt);
    let to = keys.length;
    if (lte !== undefined) to = firstAt(keys, (key) => key > lte);
    else if (lt !== undefined) to = firstAt(keys, (key) => key >= lt);
    const within = keys.slice(from, Math.max(from, to));
    if (reverse) within.reverse();
    const wanted = limit < 0 ? within : within.slice(0, limit);
    return wanted.map((key) => [key, this.#values.get(key) as Value]);
  }

  #keys(): readonly string[] {
    if (!this.#isOutdated) return this.#sorted;
    // A key that was deleted and came back is among the added ones, and goes from where it was.
    const kept = this.#sorted.filter((key) => this.#values.has(key) && !this.#added.has(key));
    const added = [...this.#added].filter((key) => this.#values.has(key)).sort(byUnits);
    this.#sorted = merge(kept, added);
    this.#added.clear();
    this.#isOutdated = false;
    return this.#sorted;
  }
}

function byUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function merge(a: readonly string[], b: readonly string[]): string[] {
  if (b.length === 0) return [...a];
  const merged: string[] = [];
  let next = 0;
  for (const key of a) {
    for (let other = b[next]; other !== undefined && other < key; other = b[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(key);
  }
  return [...merged, ...b.slice(next)];
}

/** The first place of which `isReached` is true, where it is true of every later one; the end where it is of none. */
function firstAt(keys: readonly string[], isReached: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(keys[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}
