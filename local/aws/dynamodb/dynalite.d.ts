/** dynalite ships no types; these are the parts of 4.0.0 (pinned exactly) that store.ts calls below its HTTP server. */
declare module 'dynalite/db/index.js' {
  export type ItemDb = {
    put(key: string, item: object, done: (error?: unknown) => void): void;
    del(key: string, done: (error?: unknown) => void): void;
  };
  export type Store = {
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: { close(done: (error?: unknown) => void): void };
    /** The items of one table, the same object each time. */
    getItemDb(tableName: string): ItemDb;
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
