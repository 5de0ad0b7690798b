import type { Clock } from '../../clock.ts';
import type { JsonObject, JsonValue } from '../../json.ts';

type Run = (action: string, input: JsonObject) => Promise<JsonObject>;

/** AWS promises deletion "within a few days"; a minute keeps tables small in a simulation and honest in a demo. */
const SWEEP_PERIOD_MS = 60_000;
const PAGES_MAX = 1_000;

/** AWS leaves alone what claims to have expired more than five years ago: most likely not a time in seconds. */
const OLDEST_EXPIRY_S = 5 * 365 * 86_400;

/**
 * Deletes expired items of one table
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html): those whose attribute is a number, in
 * seconds since the epoch, and past. It looks only after something was written and again when the next item expires, so an
 * idle table costs nothing however far the clock is moved.
 */
export class TimeToLive {
  readonly #clock: Clock;
  readonly #run: Run;
  readonly #tableName: string;
  readonly attribute: string;
  readonly #keys: readonly string[];
  #dueMs: number | undefined;
  #cancel: (() => void) | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(deps: { clock: Clock; run: Run; tableName: string; attribute: string; keys: readonly string[] }) {
    this.#clock = deps.clock;
    this.#run = deps.run;
    this.#tableName = deps.tableName;
    this.attribute = deps.attribute;
    this.#keys = deps.keys;
  }

  /** Tells that an item was written, which may expire at any time. */
  written(): void {
    this.#wakeAt(this.#clock.nowMs() + SWEEP_PERIOD_MS);
  }

  /** Resolves when a sweep that is under way has ended. Nothing is deleted after {@link stop}. */
  async settled(): Promise<void> {
    await this.#sweeping;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueMs = undefined;
  }

  #wakeAt(dueMs: number): void {
    if (this.#dueMs !== undefined && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      this.#dueMs = undefined;
      this.#sweeping = this.#sweep().catch((error) => console.error('A sweep of expired items failed:', error));
    });
  }

  async #sweep(): Promise<void> {
    let startKey: JsonValue | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer = await this.#run('Scan', {
        TableName: this.#tableName,
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      });
      for (const item of answer['Items'] as JsonObject[]) await this.#visit(item);
      startKey = answer['LastEvaluatedKey'];
      if (startKey === undefined) return;
    }
  }

  async #visit(item: JsonObject): Promise<void> {
    const expiryS = numberOf(item[this.attribute]);
    if (expiryS === undefined) return;
    const nowMs = this.#clock.nowMs();
    const isExpired = expiryS * 1000 < nowMs && expiryS > nowMs / 1000 - OLDEST_EXPIRY_S;
    if (isExpired) await this.#delete(item, Math.floor(nowMs / 1000));
    else if (expiryS * 1000 >= nowMs) this.#wakeAt(Math.max(expiryS * 1000 + 1, nowMs + SWEEP_PERIOD_MS));
  }

  /** On condition that the item still has expired: it may have been written again since it was read. */
  async #delete(item: JsonObject, nowS: number): Promise<void> {
    const key = Object.fromEntries(this.#keys.map((name) => [name, item[name] ?? null]));
    try {
      await this.#run('DeleteItem', {
        TableName: this.#tableName,
        Key: key,
        ConditionExpression: '#expiry <= :now',
        ExpressionAttributeNames: { '#expiry': this.attribute },
        ExpressionAttributeValues: { ':now': { N: String(nowS) } },
      });
    } catch {
      // Written again: the write has asked for another sweep.
    }
  }
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const text = value['N'];
  const number = typeof text === 'string' ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
