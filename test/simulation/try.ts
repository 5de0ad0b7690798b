import { readDeployment } from './deployment.ts';
import { runSeed } from './run-seed.ts';
const deployment = await readDeployment();
const [from, to, traced] = process.argv.slice(2).map(Number);
const profile = (process.argv[5] ?? 'dedupes') as 'dedupes'; const resubmission = (process.argv[6] ?? 'after-quiet-period') as 'never';
const counts = new Map(); const visits = new Map();
let n = 0; const t0 = performance.now(); let bad = 0; let faults=0;
const ends = new Map<string, number>();
for (let seed = from!; seed <= to!; seed++) {
  const end = await runSeed(seed, { deployment, settings: { profile, resubmission, isTraced: traced === 1 }, faultCounts: counts, visits });
  n++; faults += end.faults.length;
  for (const p of end.payouts) { const k = p.status + (p.needsPerson ? '!' : ''); ends.set(k, (ends.get(k) ?? 0) + 1); }
  if (end.violation && bad++ < 12) console.log(seed, JSON.stringify(end.violation), end.faults.length);
  if (traced === 1) { for (const l of end.trace) console.log(((l.atMs - end.startMs) / 1000).toFixed(3).padStart(10), l.who, '|', l.what.slice(0, 400)); console.log(end.payouts, end.ending, end.elapsedMs); }
}
const s = (performance.now() - t0) / 1000;
console.log(n, 'runs', bad, 'bad', (n / s).toFixed(1), 'runs/s', (faults/n).toFixed(1), 'faults a run', ends);
