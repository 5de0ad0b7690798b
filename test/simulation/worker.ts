import { parentPort, workerData } from 'node:worker_threads';
import { type BatchOptions, type BatchResult, runBatch } from './batch.ts';

/** One thread of a simulation. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly runs: number }
  | { readonly kind: 'done'; readonly result: BatchResult };

const PROGRESS_RUNS = 20;

/** Set to 1 by whoever wants no further run. */
export type WorkerData = { readonly options: BatchOptions; readonly stopped: Int32Array };

const { options, stopped } = workerData as WorkerData;
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

const result = await runBatch(options, (runs) => {
  if (runs % PROGRESS_RUNS === 0) post({ kind: 'progress', runs });
  return Atomics.load(stopped, 0) === 0;
});
post({ kind: 'done', result });
