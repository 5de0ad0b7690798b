import { PayoutClient, type Sent } from './payout-client.ts';
import { type Percentiles, percentilesOf } from './statistics.ts';

const CLIENTS = 100;
const DURATION_MS = 30_000;

export type ParallelResult = {
  readonly percentiles: Percentiles;
  readonly payoutsPerSecond: number;
  readonly sent: readonly Sent[];
};

/**
 * A hundred clients, each one request after the other over a connection of its own, for 30 s. Nothing is warmed up for
 * them. What they began in that time is waited for and counts, and so does the time it takes.
 */
export async function runParallel(apiUrl: string): Promise<ParallelResult> {
  const startedMs = performance.now();
  const sent: Sent[] = [];
  const clients = Array.from({ length: CLIENTS }, async () => {
    const client = new PayoutClient(apiUrl);
    while (performance.now() - startedMs < DURATION_MS) sent.push(await client.send());
    client.close();
  });
  await Promise.all(clients);
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  const answered = sent.filter(({ fault }) => fault === undefined);
  return {
    percentiles: percentilesOf(sent.map(({ durationMs }) => durationMs)),
    payoutsPerSecond: answered.length / elapsedSeconds,
    sent,
  };
}
