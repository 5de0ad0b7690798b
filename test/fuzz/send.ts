import { Agent, request } from 'node:http';
import type { Header } from './headers.ts';

export type Heard = { readonly status: number; readonly text: string };

/** Posts over one pool of connections, with exactly these headers in this order. */
export class Sender {
  readonly #agent: Agent;
  readonly #url: URL;

  constructor(apiUrl: string, connections: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#url = new URL(apiUrl);
  }

  /** @param target path and query, as they go into the request line */
  post(target: string, headers: readonly Header[], body: Buffer): Promise<Heard> {
    const { hostname, port, host } = this.#url;
    const own: Header[] = [
      ['Host', host],
      ['Content-Length', String(body.length)],
    ];
    const path = `${this.#url.pathname}${target}`;
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        path,
        method: 'POST',
        agent: this.#agent,
        headers: [...own, ...headers].flat(),
      };
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
