import { resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Credentials } from '../../local/aws/credentials.ts';
import { registerDemoCustomers } from '../../local/demo.ts';
import { fetchSigned } from '../../local/demo-signer.ts';
import type { JsonValue } from '../../local/json.ts';
import { type LocalOptions, type LocalRun, startLocal } from '../../local/start.ts';
import { QuietClock } from './quiet-clock.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: JsonValue | undefined;
};

export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes as it is, anything else as JSON with its content type. */
  readonly body?: unknown;
  /** Default true. */
  readonly signed?: boolean;
  /** Who signs; default: the account's root. */
  readonly as?: Credentials;
};

/** A run with hands on it for tests. */
export type TestRun = LocalRun & {
  /** `path` starts behind the stage, e.g. `/payouts?customer_id=x`. */
  request(method: string, path: string, options?: RequestOptions): Promise<ApiAnswer>;
  /** Moves time forward for everything that runs, and lets what falls due be done. */
  advance(ms: number): Promise<void>;
  /** Asks again and again, without moving time, until the answer is not undefined. @throws after 10 s of real time */
  until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T>;
};

const UNTIL_TIMEOUT_MS = 10_000;
const UNTIL_POLL_MS = 20;

/**
 * Starts the whole system on free ports, with a simulated Monoova. `stop` it at the end. Schedules rest unless asked for: a
 * reconciliation that comes with the morning mends what a test has broken.
 */
export async function startTestRun(options: Partial<LocalOptions> = {}): Promise<TestRun> {
  const clock = new QuietClock();
  const run = await startLocal({
    root: ROOT,
    port: 0,
    awsPort: 0,
    clock,
    withSchedules: false,
    print: () => {},
    ...options,
  });
  return {
    ...run,
    request: (method, path, request = {}) => send(run, method, path, request),
    advance: (ms) =>
      clock.advance(ms, { isBusy: () => run.busyCount() > 0, isStarting: () => run.startingCount() > 0 }),
    until,
  };
}

/**
 * One run for a test file: started before its first test, with the demonstration's customers registered, and stopped
 * after its last. Call it at the top of the file or of a describe; the run is there when tests are.
 */
export function useLocalRun(options: Partial<LocalOptions> = {}): () => TestRun {
  let run: TestRun | undefined;
  beforeAll(async () => {
    run = await startTestRun(options);
    await registerDemoCustomers(ROOT, run.awsUrl);
  });
  afterAll(() => run?.stop());
  return () => {
    if (!run) throw new Error('The local run exists while tests run, not before');
    return run;
  };
}

async function send(run: LocalRun, method: string, path: string, request: RequestOptions): Promise<ApiAnswer> {
  const { body: given, signed = true } = request;
  const isText = typeof given === 'string' || given === undefined;
  const headers = { ...(isText ? {} : { 'content-type': 'application/json' }), ...request.headers };
  const body = isText ? given : JSON.stringify(given);
  const url = `${run.apiUrl}${path}`;
  const content = body === undefined ? {} : { body };
  const response = signed
    ? await fetchSigned({ method, url, headers, ...content, nowMs: run.clock.nowMs(), as: request.as })
    : await fetch(url, { method, headers, ...content });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const givenUpAtMs = performance.now() + UNTIL_TIMEOUT_MS;
  while (performance.now() < givenUpAtMs) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, UNTIL_POLL_MS));
  }
  throw new Error(`What was waited for has not come about within ${UNTIL_TIMEOUT_MS / 1000} s`);
}
