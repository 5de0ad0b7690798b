import { createRequire } from 'node:module';
import type { Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import type { JsonObject } from '../../json.ts';
import { AwsError, unknownAction } from '../wire.ts';
import { copyOf } from './copy.ts';
import { type ExpressionParser, rememberExpressions } from './expression-cache.ts';
import { createMemoryStore } from './memory-store.ts';

/** What dynalite 4.0.0 runs. `TransactWriteItems`, `TransactGetItems` and PartiQL are not among it: refused by name. */
const ACTIONS: ReadonlySet<string> = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'ListTagsOfResource',
  'UpdateItem',
]);

type Run = (store: Store, input: object, done: (error: unknown, output: JsonObject) => void) => void;
type Action = { readonly types: unknown; readonly custom: unknown; readonly run: Run };

const load = createRequire(import.meta.url);
const loaded = new Map<string, Action>();

for (const name of ['conditionParser', 'projectionParser', 'updateParser']) {
  rememberExpressions(load(`dynalite/db/${name}.js`) as ExpressionParser);
}

/**
 * dynalite in memory, called below its HTTP server: its own checks, its own actions, no socket and no signature.
 * Tables are active as soon as they are made.
 */
export class DynaliteStore {
  readonly #store: Store;

  constructor(store: Store = createMemoryStore()) {
    this.#store = store;
  }

  /** @throws {AwsError} as DynamoDB would refuse */
  run(name: string, input: JsonObject): Promise<JsonObject> {
    if (!ACTIONS.has(name)) throw unknownAction('dynamodb', name);
    const action = actionOf(name);
    return new Promise((resolve, reject) => {
      try {
        // dynalite deletes members of its input, which belongs to the caller.
        const checked = validations.checkTypes(copyOf(input), action.types);
        validations.checkValidations(checked, action.types, action.custom, this.#store);
        action.run(this.#store, checked, (error, output) => {
          if (error) reject(toAwsError(error));
          else resolve(output);
        });
      } catch (error) {
        reject(toAwsError(error));
      }
    });
  }

  /**
   * Calls `onChange` with each item of the table as it is about to be stored, or without one when it is about to be deleted.
   * dynalite holds its lock of the key meanwhile, so calls about one key come in the order in which it changes. What
   * `onChange` throws refuses the change.
   */
  observe(tableName: string, onChange: (key: string, item?: JsonObject) => void): void {
    const items = this.#store.getItemDb(tableName);
    const put = items.put.bind(items);
    const del = items.del.bind(items);
    items.put = (key, item, done) => guarded(done, () => onChange(key, item as JsonObject)) && put(key, item, done);
    items.del = (key, done) => guarded(done, () => onChange(key)) && del(key, done);
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.db.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

/** True when `run` did not throw; else what it threw is passed to `done`. */
function guarded(done: (error: unknown) => void, run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    done(error);
    return false;
  }
}

function actionOf(name: string): Action {
  const known = loaded.get(name);
  if (known) return known;
  const file = validations.toLowerFirst(name);
  const { types, custom } = load(`dynalite/validations/${file}.js`) as { types: unknown; custom: unknown };
  const action = { types, custom, run: load(`dynalite/actions/${file}.js`) as Run };
  loaded.set(name, action);
  return action;
}

type DynaliteRefusal = { statusCode: number; body: { __type: string; message?: string; Message?: string } };

/** dynalite's refusals carry the answer's body; anything else is its own defect and is passed on as it is. */
function toAwsError(error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const { __type: type, message, Message } = error.body;
  return new AwsError(type.slice(type.indexOf('#') + 1), message ?? Message ?? '', { statusCode: error.statusCode });
}

function isRefusal(error: unknown): error is DynaliteRefusal {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}
