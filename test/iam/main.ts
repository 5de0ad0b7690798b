/** Prints every grant of the template, with the call that used it or why there was none: `node run.mjs test/iam/main.ts`. */
import { registerDemoCustomers } from '../../local/demo.ts';
import { ROOT, startTestRun } from '../support/local-run.ts';
import { grantsTable } from './grants-table.ts';
import { runScenarios } from './scenarios.ts';

const run = await startTestRun({ withSchedules: true });
try {
  await registerDemoCustomers(ROOT, run.awsUrl);
  await runScenarios(run);
  console.log(grantsTable(run).join('\n'));
} finally {
  await run.stop();
}
