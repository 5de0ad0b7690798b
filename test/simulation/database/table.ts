import type { Item } from './stored-value.ts';

export type Index = {
  readonly hash: string;
  readonly range: string | undefined;
  /** Undefined where the index shows every attribute. */
  readonly shows: ReadonlySet<string> | undefined;
};

export type TableShape = {
  readonly name: string;
  readonly hash: string;
  readonly indexes: ReadonlyMap<string, Index>;
};

/** What a key held from a moment on; undefined where it was deleted. */
type Version = { readonly fromMs: number; readonly item: Item | undefined };

/** The items of one table, with their past: an index may lag behind, and a table may be restored to a point in time. */
export class Table {
  readonly shape: TableShape;
  readonly #versions = new Map<string, Version[]>();

  constructor(shape: TableShape) {
    this.shape = shape;
  }

  read(key: string): Item | undefined {
    return this.#versions.get(key)?.at(-1)?.item;
  }

  write(key: string, item: Item | undefined, nowMs: number): void {
    const versions = this.#versions.get(key);
    const version = { fromMs: nowMs, item };
    if (versions) versions.push(version);
    else this.#versions.set(key, [version]);
  }

  /** Every item as it stood at a moment, in the order in which their keys were first written. */
  itemsAt(ms: number): Item[] {
    const items: Item[] = [];
    for (const versions of this.#versions.values()) {
      const item = versions.findLast(({ fromMs }) => fromMs <= ms)?.item;
      if (item) items.push(item);
    }
    return items;
  }

  /** Puts every item back to what it was at a moment, changed as whoever copies them changes them. */
  restoreTo(ms: number, nowMs: number, copied: (item: Item) => Item): void {
    for (const [key, versions] of this.#versions) {
      const item = versions.findLast(({ fromMs }) => fromMs <= ms)?.item;
      this.write(key, item && copied(item), nowMs);
    }
  }
}
