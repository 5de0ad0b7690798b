/** dynalite ships no types; these are the parts of 4.0.0 (pinned exactly) that store.ts calls and memory-store.ts stands in for. */
declare module 'dynalite/db/index.js' {
  export type Callback<Value = void> = (error?: unknown, value?: Value) => void;

  export type ItemDb = {
    put(key: string, item: object, done: Callback): void;
    del(key: string, done: Callback): void;
  };

  export type Table = { readonly TableStatus: string };

  export type StoreOptions = {
    /** In bytes. */
    readonly maxItemSize: number;
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  };

  type OfTable = (tableName: string) => ItemDb;
  type OfIndex = (type: string, tableName: string, indexName: string) => ItemDb;

  /** What the actions work on. An ItemDb is the same object each time. */
  export type Store = {
    readonly options: StoreOptions;
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: { close(done: Callback): void };
    readonly getItemDb: OfTable;
    readonly deleteItemDb: (tableName: string, done: Callback) => void;
    readonly getIndexDb: OfIndex;
    readonly deleteIndexDb: (type: string, tableName: string, indexName: string, done: Callback) => void;
    readonly getTagDb: OfTable;
    readonly deleteTagDb: (tableName: string, done: Callback) => void;
    /** Without `isOnlyUsable`, or where it is true, a table that is being made or deleted is not found. */
    getTable(
      tableName: string,
      ...rest: [done: Callback<Table>] | [isOnlyUsable: boolean, done: Callback<Table>]
    ): void;
  };
  const db: {
    create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): Store;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    toLowerFirst(action: string): string;
    checkTypes(input: unknown, types: unknown): object;
    checkValidations(input: object, types: unknown, custom: unknown, store: Store): void;
  };
  export default validations;
}
