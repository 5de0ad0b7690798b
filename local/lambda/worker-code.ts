import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let workerUrl: URL | undefined;

/**
 * The code of an execution environment as one piece of plain JavaScript, made once. A thread that loads the TypeScript
 * files first loads the compiler that strips their types: twice the time of a start, for each thread.
 */
export function workerCode(): URL {
  workerUrl ??= new URL(`data:text/javascript,${encodeURIComponent(bundleWorker())}`);
  return workerUrl;
}

function bundleWorker(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
  });
  return outputFiles[0]?.text ?? '';
}
