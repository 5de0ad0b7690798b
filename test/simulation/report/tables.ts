import type { BatchResult } from '../batch.ts';
import type { Deployment } from '../deployment.ts';
import type { FaultCounts } from '../fault-gate.ts';
import { placesOf, type Visits } from '../state-machines/coverage.ts';

/** How often each fault came about at each effect, and which of them never did. */
export function faultTable(counts: FaultCounts): { readonly lines: string[]; readonly never: string[] } {
  const labels = [...counts.keys()].sort();
  const lines = labels.map((label) => {
    const kinds = [...(counts.get(label) ?? [])].map(([kind, count]) => `${kind} ${count}`);
    return `  ${label}: ${kinds.join(', ')}`;
  });
  const never = labels.flatMap((label) =>
    [...(counts.get(label) ?? [])].flatMap(([kind, count]) => (count === 0 ? [`${label}: ${kind}`] : [])),
  );
  return { lines, never };
}

/** The share of states and edges that were visited, and those that were not. */
export function coverage(
  visits: Visits,
  { machines }: Deployment,
): { readonly line: string; readonly missed: string[] } {
  const places = placesOf(machines);
  const missed = places.filter((place) => !visits.has(place));
  const isEdge = (place: string) => / -!?> /.test(place);
  const share = (all: readonly string[]) => {
    const visited = all.filter((place) => visits.has(place)).length;
    return `${visited} of ${all.length} (${((100 * visited) / all.length).toFixed(1)} %)`;
  };
  const states = places.filter((place) => !isEdge(place));
  return { line: `states ${share(states)}, edges ${share(places.filter(isEdge))}`, missed };
}

/** Simulated time to a final status and the share that needs a person, by how many webhooks were lost. */
export function figures(ends: BatchResult['ends']): string[] {
  return [0, 0.5, 1].map((lost) => {
    const own = ends.filter(({ lostWebhooks }) => lostWebhooks === lost);
    const finalMs = own.flatMap(({ finalAfterMs }) => finalAfterMs ?? []).sort((one, other) => one - other);
    const at = (share: number) => readable(finalMs[Math.min(finalMs.length - 1, Math.floor(share * finalMs.length))]);
    const persons = own.filter(({ needsPerson }) => needsPerson).length;
    const times = `median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
    const share = ((100 * persons) / Math.max(1, own.length)).toFixed(1);
    return `  ${String(100 * lost).padStart(3)} % of webhooks lost: ${own.length} payouts, to final ${times}; a person is needed for ${share} %`;
  });
}

function readable(ms: number | undefined): string {
  if (ms === undefined) return 'none';
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
