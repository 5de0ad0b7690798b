import { PayoutClient, type Sent } from './payout-client.ts';
import { medianOf, type Percentiles, percentilesOf } from './statistics.ts';

const WARM_UPS = 100;
const REQUESTS = 500;
const ROUNDS = 3;

export type SequentialResult = {
  readonly rounds: readonly Percentiles[];
  /** Of each percentile, the middle one of the rounds. */
  readonly median: Percentiles;
  readonly sent: readonly Sent[];
};

/** One client, one request after the other over one connection: three rounds of 100 warm-ups and 500 that count. */
export async function runSequential(apiUrl: string): Promise<SequentialResult> {
  const client = new PayoutClient(apiUrl);
  const sent: Sent[] = [];
  const rounds: Percentiles[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < WARM_UPS + REQUESTS; index++) sent.push(await client.send());
    rounds.push(percentilesOf(sent.slice(-REQUESTS).map(({ durationMs }) => durationMs)));
  }
  client.close();
  const median = {
    p50Ms: medianOf(rounds.map(({ p50Ms }) => p50Ms)),
    p95Ms: medianOf(rounds.map(({ p95Ms }) => p95Ms)),
    p99Ms: medianOf(rounds.map(({ p99Ms }) => p99Ms)),
  };
  return { rounds, median, sent };
}
