import type { Log } from '../functions/shared/ports.ts';
import type { Terminal } from './terminal.ts';

/** What functions would log is for whoever runs the command, where it is a warning or worse. */
export function noteLog({ stderr }: Terminal): Log {
  const write = (message: string, keys?: object) =>
    void stderr.write(`note: ${message} ${JSON.stringify(keys ?? {})}\n`);
  return { info: () => undefined, warn: write, error: write };
}
