import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, vi } from 'vitest';
import type { JsonObject } from '../../../local/monoova/json.ts';
import { createMonoovaSimulator, type SimulatorOptions } from '../../../local/monoova/server.ts';
import type { Simulator } from '../../../local/monoova/simulator.ts';
import type { Time } from '../../../local/monoova/time.ts';
import { API_KEY, client } from '../../support/monoova-client.ts';

export const TOKEN = 'the-webhook-token';
/** Noon in Sydney (daylight saving, UTC+11) on 15 January 2026. */
export const START_MS = Date.UTC(2026, 0, 15, 1, 0, 0);

/** Time that stands still until it is told to move. */
class ManualTime implements Time {
  #nowMs = START_MS;
  #timers: { dueMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => this.#remove(timer);
  }

  /** How many timers wait. */
  waiting(): number {
    return this.#timers.length;
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#nowMs = next.dueMs;
      this.#remove(next);
      next.run();
      await new Promise(setImmediate);
    }
    this.#nowMs = endMs;
  }

  #remove(timer: object): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}

export type Received = {
  path: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  bytes: Buffer;
  body: JsonObject;
};

/** Plays the subscriber: keeps what it gets and answers with the statuses given, then 200; 0 never answers. */
export async function startReceiver(...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const { headers, rawHeaders, url: path = '' } = request;
      received.push({ path, headers, rawHeaders, bytes, body: JSON.parse(bytes.toString()) });
      const status = statuses.shift() ?? 200;
      if (status > 0) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => closeServer(server));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, received };
}

/** A simulator on a free port, with a client's way of speaking to it; stopped after the test. */
export async function startSimulator(options: Partial<SimulatorOptions> = {}) {
  const time = new ManualTime();
  const simulator = createMonoovaSimulator({ apiKey: API_KEY, time, ...options });
  cleanups.push(() => simulator.stop());
  const { url } = await simulator.listen(0);
  return { simulator, time, url, ...client(url) };
}

export async function answerOf(response: Response | Promise<Response>) {
  const {
    status: httpStatus,
    headers,
    text,
  } = await Promise.resolve(response).then(async (settled) => ({
    status: settled.status,
    headers: settled.headers,
    text: await settled.text(),
  }));
  return { httpStatus, headers, text, json: JSON.parse(text) as JsonObject };
}

/** Real sockets take a moment; this is how long a test lets them. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 3_000, interval: 5 });
}

export async function deliveries(simulator: Simulator, count: number) {
  return await eventually(() => {
    const tries = simulator.webhooks();
    if (tries.length < count) throw new Error(`${tries.length} of ${count} deliveries so far`);
    return tries;
  });
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
