import type { Measured } from './measured.ts';
import type { ParallelResult } from './parallel.ts';
import type { PaymentCount } from './payments.ts';
import type { SequentialResult } from './sequential.ts';
import type { Percentiles } from './statistics.ts';

export type BenchReport = {
  readonly cores: number;
  /** The machine's load of the last minute when the measuring began: above 1 something else was at work. */
  readonly loadBefore: number;
  readonly sequential: Measured<SequentialResult>;
  readonly parallel: Measured<ParallelResult>;
  readonly payments: PaymentCount;
};

/** What the README promises of a machine with two cores. */
const SEQUENTIAL_P50_MAX_MS = 25;
const PAYOUTS_PER_SECOND_MIN = 60;
const FAULTS_SHOWN = 5;

export function renderReport(report: BenchReport): string {
  const { sequential, parallel, payments } = report;
  const rounds = sequential.result.rounds.map((round, index) => row(`one client, round ${index + 1}`, round));
  const rate = `${parallel.result.payoutsPerSecond.toFixed(1)} payouts/s`;
  return [
    `${report.cores} cores, load ${report.loadBefore.toFixed(2)} before`,
    `${' '.repeat(24)}      p50      p95      p99 (ms)`,
    ...rounds,
    row('one client, median', sequential.result.median),
    `${row('100 clients, 30 s', parallel.result.percentiles)}   ${rate}`,
    cost('one client', sequential, sequential.result.sent.length),
    cost('100 clients', parallel, parallel.result.sent.length),
    `payments: ${payments.taken} for ${payments.accepted} accepted payouts; ${payments.missing} missing, ${payments.doubled} doubled`,
  ].join('\n');
}

/** Every promise that was not kept, in words. */
export function shortcomings({ sequential, parallel, payments }: BenchReport): string[] {
  const sent = [...sequential.result.sent, ...parallel.result.sent];
  const faults = sent.flatMap(({ fault }) => fault ?? []);
  const { p50Ms } = sequential.result.median;
  const { payoutsPerSecond } = parallel.result;
  const isEachPaidOnce = payments.missing === 0 && payments.doubled === 0 && payments.taken === payments.accepted;
  return [
    ...(faults.length > 0 ? [`${faults.length} requests failed:`, ...faults.slice(0, FAULTS_SHOWN)] : []),
    ...(isEachPaidOnce || faults.length > 0 ? [] : ['Not every payout was paid exactly once.']),
    ...(payments.doubled > 0 ? ['A payout was paid twice.'] : []),
    ...(p50Ms <= SEQUENTIAL_P50_MAX_MS ? [] : [`One client's p50 is above ${SEQUENTIAL_P50_MAX_MS} ms.`]),
    ...(payoutsPerSecond >= PAYOUTS_PER_SECOND_MIN ? [] : [`Fewer than ${PAYOUTS_PER_SECOND_MIN} payouts a second.`]),
  ];
}

function row(what: string, { p50Ms, p95Ms, p99Ms }: Percentiles): string {
  return what.padEnd(24) + [p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1).padStart(9)).join('');
}

function cost(what: string, measured: Measured<unknown>, requests: number): string {
  const { elapsedMs, clientCpuMs, systemCpuMs, residentMb } = measured;
  const share = (cpuMs: number) => `${((cpuMs / elapsedMs) * 100).toFixed(0)} % of a core`;
  return (
    `${what}: ${requests} payouts, the client used ${share(clientCpuMs)}, the system ${share(systemCpuMs)} ` +
    `(${(systemCpuMs / requests).toFixed(1)} ms a payout), ${residentMb.toFixed(0)} MB`
  );
}
