import { parseArgs } from 'node:util';
import { loadCases } from './case.ts';
import { renderReport, runCases, unexplained } from './report.ts';

/**
 * Compares the local Step Functions with executions recorded on AWS and exits 1 when it differs anywhere unexplained:
 *
 *     node run.mjs test/conformance/main.ts -- --cases DIR        (or ASL_CASES_DIR=DIR)
 */
const args = process.argv.slice(2).filter((argument) => argument !== '--');
const { values } = parseArgs({ args, options: { cases: { type: 'string' } } });
const directory = values.cases ?? process.env['ASL_CASES_DIR'];
if (directory === undefined) throw new Error('Name the folder of cases: --cases DIR, or ASL_CASES_DIR');

const outcomes = await runCases(loadCases(directory));
console.log(renderReport(outcomes));
process.exitCode = unexplained(outcomes).length > 0 ? 1 : 0;
