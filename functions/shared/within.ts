import { setTimeout as sleep } from 'node:timers/promises';
import type { Within } from './ports.ts';

/** By the machine's own timers. */
export const within: Within = async (work, ms) => {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal });
  // Whoever is first, the other has nobody left who listens.
  late.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
};
