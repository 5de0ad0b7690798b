import type { Server } from 'node:http';

/** Loopback only: what runs here holds no secrets worth stealing, but it moves money at whatever Monoova it is given. */
const HOST = '127.0.0.1';

/** A port that was asked for is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError' as const;
}

/**
 * Listens on `port` (0 for any free one) and gives the port.
 *
 * @param option the command line's name for it, said when the port is taken
 * @throws {PortInUseError}
 */
export function listenOn(server: Server, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      reject(
        new PortInUseError(`Port ${port} is in use. Choose another with ${option}, or end what uses it.`, { cause }),
      );
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Ends the server and every connection to it, idle or not. Safe to repeat. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
