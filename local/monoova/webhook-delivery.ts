import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type DeliveryResult =
  | { readonly statusCode: number; readonly error: null }
  | { readonly statusCode: null; readonly error: string };

/** Connections open at once; more wait their turn. */
const CONNECTIONS_MAX = 100;

/** POSTs bytes and resolves, never rejects. Redirects are not followed: only 200 counts as received. */
export class WebhookDelivery {
  readonly #timeoutMs: number;
  readonly #open = new Set<ClientRequest>();
  // No connection is kept: one that the receiver closed while idle would look like a failed delivery.
  readonly #httpAgent = new HttpAgent({ keepAlive: false, maxSockets: CONNECTIONS_MAX });
  readonly #httpsAgent = new HttpsAgent({ keepAlive: false, maxSockets: CONNECTIONS_MAX });

  /** @param timeoutMs of real time, since it guards a real socket */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param betweenHalves waited for in the middle of the body */
  post(
    url: string,
    headers: Record<string, string>,
    body: Buffer,
    betweenHalves?: () => Promise<void>,
  ): Promise<DeliveryResult> {
    return new Promise((resolve) => {
      const isSecure = url.startsWith('https:');
      const agent = isSecure ? this.#httpsAgent : this.#httpAgent;
      const options = { method: 'POST', headers, agent, signal: AbortSignal.timeout(this.#timeoutMs) };
      const request = (isSecure ? httpsRequest : httpRequest)(url, options, (response) => {
        response.resume();
        response.on('error', () => {});
        resolve({ statusCode: response.statusCode ?? 0, error: null });
      });
      this.#open.add(request);
      request.on('error', (error) => resolve({ statusCode: null, error: error.message }));
      request.on('close', () => this.#open.delete(request));
      if (betweenHalves) sendInHalves(request, body, betweenHalves);
      else request.end(body);
    });
  }

  /** Breaks off what is under way. */
  stop(): void {
    for (const request of this.#open) request.destroy();
  }
}

function sendInHalves(request: ClientRequest, body: Buffer, between: () => Promise<void>): void {
  const half = body.length >> 1;
  request.setHeader('Content-Length', body.length);
  request.write(body.subarray(0, half));
  void between().then(() => request.end(body.subarray(half)));
}
