import { randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';
import { signPost } from './signed-post.ts';

const BODY = JSON.stringify({ customer_id: 'cust-demo-payid', amount: 0.01, payout_method: 'PayId' });
/** Longer than the gateway takes to give up on a payout. */
const TIMEOUT_MS = 35_000;

export type Sent = {
  readonly durationMs: number;
  /** Undefined unless it was answered with 202. */
  readonly transactionId: string | undefined;
  /** What came instead of a 202, in a few words. */
  readonly fault: string | undefined;
};

/** One client: one kept connection, one request at a time. */
export class PayoutClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(apiUrl: string) {
    this.#url = new URL(`${apiUrl}/payouts`);
  }

  /** Asks for one payout of one cent, under a key of its own. Never rejects. */
  async send(): Promise<Sent> {
    const { host, pathname: path } = this.#url;
    const headers = signPost({ host, path, body: BODY, idempotencyKey: `bench-${randomUUID()}` });
    const startedMs = performance.now();
    try {
      const { status, text } = await this.#post(headers);
      const durationMs = performance.now() - startedMs;
      if (status !== 202) return { durationMs, transactionId: undefined, fault: `${status} ${text.slice(0, 200)}` };
      return { durationMs, transactionId: JSON.parse(text).transaction_id, fault: undefined };
    } catch (error) {
      return { durationMs: performance.now() - startedMs, transactionId: undefined, fault: String(error) };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(headers: Record<string, string>): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const request = sendRequest(this.#url, { method: 'POST', headers, agent: this.#agent, signal }, (response) => {
        textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      request.on('error', reject);
      request.end(BODY);
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
