/**
 * How fast the whole system is on this machine: `npm run bench [-- --json FILE]`. It starts a run of its own, measures one client
 * and then a hundred, and counts the payments at the simulated Monoova: one for each payout, exactly. It exits 1 when a
 * request failed, a payment is missing or doubled, or a promise of the README was not kept. It takes about two minutes.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measured } from './measured.ts';
import { runParallel } from './parallel.ts';
import { countPayments } from './payments.ts';
import { type BenchReport, renderReport, shortcomings } from './report.ts';
import { runSequential } from './sequential.ts';
import { SystemUnderTest } from './system-under-test.ts';

/** Whatever happens, this ends. */
const TIME_LIMIT_MS = 360_000;

async function bench(system: SystemUnderTest): Promise<BenchReport> {
  const loadBefore = loadavg()[0] ?? Number.NaN;
  const sequential = await measured(system, () => runSequential(system.apiUrl));
  const parallel = await measured(system, () => runParallel(system.apiUrl));
  const payments = await countPayments(system, [...sequential.result.sent, ...parallel.result.sent]);
  return { cores: availableParallelism(), loadBefore, sequential, parallel, payments };
}

const { values } = parseArgs({ options: { json: { type: 'string' } } });
setTimeout(() => {
  console.error(`The bench has not ended in ${TIME_LIMIT_MS / 1_000} s.`);
  process.exit(1);
}, TIME_LIMIT_MS).unref();

const system = await SystemUnderTest.start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  const report = await bench(system);
  console.log(renderReport(report));
  const missed = shortcomings(report);
  for (const line of missed) console.error(line);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(withoutRequests(report), null, 2));
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await system.stop();
}

/** The figures; ten thousand single requests would bury them. */
function withoutRequests({ sequential, parallel, ...rest }: BenchReport) {
  const { sent: _one, ...one } = sequential.result;
  const { sent: _many, ...many } = parallel.result;
  return { ...rest, sequential: { ...sequential, result: one }, parallel: { ...parallel, result: many } };
}
