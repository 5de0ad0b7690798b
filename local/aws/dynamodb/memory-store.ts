import { Stream } from 'node:stream';
import type { Callback, ItemDb, Store, StoreOptions, Table } from 'dynalite/db/index.js';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { copyOf } from './copy.ts';
import { type Range, SortedMap } from './sorted-map.ts';

/** dynalite's own: 400 kB, and tables that change as soon as they are told to. */
const OPTIONS: StoreOptions = { maxItemSize: 409_600, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };

/**
 * What dynalite's actions keep their tables in, without the key-value database that they come with: that one writes every item
 * as JSON, reads it back and goes through a promise and a turn of the event loop for each of them, which is most of what a
 * call of dynalite costs. Here everything that is asked for by key is answered before the call returns, so that an action is
 * one step in which nothing else happens, and needs no lock.
 *
 * Values are copied on their way in and out. A differential test holds it against dynalite's own
 * (test/local/aws/dynamodb/memory-store.test.ts).
 */
export function createMemoryStore(): Store {
  const dbs = new Map<string, MemoryDb>();
  let isClosed = false;
  const dbOf = (name: string): MemoryDb => {
    const known = dbs.get(name);
    if (known) return known;
    const made = new MemoryDb(() => isClosed);
    dbs.set(name, made);
    return made;
  };
  const deleteDb = (name: string, done: Callback) => {
    dbs.delete(name);
    done();
  };
  const indexName = (type: string, table: string, index: string) => `index-${type.toLowerCase()}~${table}~${index}`;
  const tables = dbOf('table');
  return {
    options: OPTIONS,
    tableDb: Object.assign(tables, { awsAccountId: ACCOUNT_ID, awsRegion: REGION }),
    getItemDb: (name) => dbOf(`item-${name}`),
    deleteItemDb: (name, done) => deleteDb(`item-${name}`, done),
    getIndexDb: (type, table, index) => dbOf(indexName(type, table, index)),
    deleteIndexDb: (type, table, index, done) => deleteDb(indexName(type, table, index), done),
    getTagDb: (name) => dbOf(`tag-${name}`),
    deleteTagDb: (name, done) => deleteDb(`tag-${name}`, done),
    getTable(name, ...rest) {
      const [isOnlyUsable, done] = rest.length === 1 ? [true, rest[0]] : rest;
      const table = tables.peek(name) as Table | undefined;
      if (!table || (isOnlyUsable && (table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING'))) {
        done(notFound(isOnlyUsable ? '' : `: Table: ${name} not found`));
        return;
      }
      // Actions on items only look at the table; the others change what they are given.
      done(null, isOnlyUsable ? table : copyOf(table));
    },
    db: {
      close(done) {
        isClosed = true;
        done();
      },
    },
  };
}

/** As dynalite words it: with the table's name only where the table itself was asked for. */
function notFound(which: string): Error {
  const message = `Requested resource not found${which}`;
  const body = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message };
  return Object.assign(new Error(message), { name: 'NotFoundError', statusCode: 400, body });
}

/** One table's items, or one index's, or the tables themselves. */
class MemoryDb implements ItemDb {
  readonly #entries = new SortedMap<object | string>();
  readonly #isClosed: () => boolean;

  constructor(isClosed: () => boolean) {
    this.#isClosed = isClosed;
  }

  /** Nothing else happens during an action, so whoever asks has the lock. */
  lock(_key: string, run: (release: <Done>(done: Done) => Done) => void): void {
    run((done) => done);
  }

  /** The value itself, not a copy. */
  peek(key: string): object | string | undefined {
    return this.#entries.get(key);
  }

  get(key: string, done: Callback<object | string | undefined>): void {
    if (this.#isClosed()) done(closed());
    else done(null, copyOf(this.#entries.get(key)));
  }

  put(key: string, value: object | string, done: Callback): void {
    this.batch([{ type: 'put', key, value }], done);
  }

  del(key: string, done: Callback): void {
    this.batch([{ type: 'del', key }], done);
  }

  batch(operations: readonly Operation[], done: Callback): void {
    if (this.#isClosed()) {
      done(closed());
      return;
    }
    for (const operation of operations) {
      if (operation.type === 'put') this.#entries.set(operation.key, copyOf(operation.value));
      else this.#entries.delete(operation.key);
    }
    done(null);
  }

  createKeyStream(): Stream {
    return new ArrayStream(this.#entries.range({}).map(([key]) => key));
  }

  createValueStream(range: Range = {}): Stream {
    return new ArrayStream(this.#entries.range(range).map(([, value]) => copyOf(value)));
  }
}

type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: object | string }
  | { readonly type: 'del'; readonly key: string };

/** dynalite's createTable, which changes the status a moment later, knows these words for the end of the store. */
function closed(): Error {
  return new Error('Database is closed');
}

/** Gives what it has when its listeners are there. dynalite only listens, and destroys it when it has enough. */
class ArrayStream extends Stream {
  #isDestroyed = false;

  constructor(items: readonly unknown[]) {
    super();
    queueMicrotask(() => {
      for (const item of items) {
        if (this.#isDestroyed) return;
        this.emit('data', item);
      }
      if (!this.#isDestroyed) this.emit('end');
    });
  }

  destroy(): void {
    this.#isDestroyed = true;
  }
}
