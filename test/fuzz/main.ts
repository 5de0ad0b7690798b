/**
 * `npm run fuzz:webhooks [-- --runs 20000] [--seed N]`: mutated webhooks against the synthesised template over HTTP. Prints what was
 * answered, and fails for an answer of 500 or more, a change or a write without a proof, and a secret in an answer or in the record.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerDemoCustomers } from '../../local/demo.ts';
import { ROOT, startTestRun } from '../support/local-run.ts';
import { fuzzWebhooks } from './fuzz.ts';
import { type FuzzOptions, parseOptions, USAGE, UsageError } from './options.ts';
import { provenShare, reportText } from './report.ts';

const PROVEN_SHARE_MIN = 0.3;

async function main(options: FuzzOptions): Promise<boolean> {
  const recordDirectory = mkdtempSync(join(tmpdir(), 'fuzz-webhooks-'));
  const run = await startTestRun({ recordDirectory });
  try {
    await registerDemoCustomers(ROOT, run.awsUrl);
    const report = await fuzzWebhooks(run, { ...options, recordDirectory });
    console.log(reportText(report));
    return report.findings.length === 0 && provenShare(report) >= PROVEN_SHARE_MIN;
  } finally {
    await run.stop();
    rmSync(recordDirectory, { recursive: true });
  }
}

try {
  process.exitCode = (await main(parseOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
