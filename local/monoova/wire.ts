import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Far above any request there is. */
const BODY_BYTES_MAX = 262_144;

/** The whole body; undefined when it is larger than 256 KiB. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return sizeBytes <= BODY_BYTES_MAX ? Buffer.concat(chunks).toString('utf8') : undefined;
}

export function writeReply(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'cut') {
    response.destroy();
    return;
  }
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  response.writeHead(reply.httpStatus, { ...reply.headers, 'Content-Length': body.length });
  if (reply.kind === 'whole') {
    response.end(body);
    return;
  }
  // Only once the first half has gone out is the connection cut in the middle of the body.
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** @returns the URL with the port that was bound */
export function listenOn(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      const boundPort = typeof address === 'object' && address ? address.port : port;
      resolve(`http://${host}:${boundPort}`);
    });
  });
}

/** Ends open connections too. Safe on a server that is not listening. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
