import { Worker } from 'node:worker_threads';
import { addUp, type BatchOptions, type BatchResult } from './batch.ts';
import type { WorkerData, WorkerMessage } from './worker.ts';

/** A world is garbage as soon as its run has ended: with less room for the young, much of it is copied before it is thrown away. */
const YOUNG_GENERATION_MB = 64;

/** Runs so many seeds in so many threads. The first finding ends them all; seeds below it that were not run then are not run. */
export async function runJobs(
  options: Omit<BatchOptions, 'step'>,
  jobs: number,
  onProgress: (runs: number) => void,
): Promise<BatchResult> {
  const stopped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const progress = new Map<number, number>();
  const batches = Array.from({ length: jobs }, async (_, job) => {
    const runs = Math.ceil((options.runs - job) / jobs);
    const batch = { ...options, firstSeed: options.firstSeed + job, step: jobs, runs };
    const result = await runInThread({ options: batch, stopped }, (done) => {
      progress.set(job, done);
      onProgress([...progress.values()].reduce((sum, one) => sum + one, 0));
    });
    if (result.finding) Atomics.store(stopped, 0, 1);
    return result;
  });
  return addUp(await Promise.all(batches));
}

function runInThread(workerData: WorkerData, onProgress: (runs: number) => void): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'done') resolve(message.result);
      else onProgress(message.runs);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A thread ended with ${code} before its runs`)));
  });
}
