/** `npm start`: the whole system on this machine, until TERM, Ctrl-C or the end of whoever started it. */
import { resolve } from 'node:path';
import { UnsupportedResource } from './aws/resource-type.ts';
import { DataError } from './data/data-error.ts';
import { DemoError, registerDemoCustomers, showPayout, suggestions } from './demo.ts';
import { OptionsError, parseOptions, type StartOptions } from './options.ts';
import { type LocalRun, startLocal } from './start.ts';
import { InvalidDefinition } from './step-functions/errors.ts';
import { PortInUseError } from './template/listen.ts';
import { TemplateError } from './template/template-error.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PARENT_POLL_MS = 1_000;
/** What cannot be ended in this time is left behind: nothing here outlives the process. */
const STOP_TIMEOUT_MS = 1_500;

// Functions run in UTC on AWS, and the threads here take their zone from the process.
process.env['TZ'] = 'UTC';

const startedAtMs = performance.now();
const print = (line: string) => console.log(line);
const seconds = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;

/** Refusals that a person can act on: their message says it all, a stack would only hide it. */
const EXPLAINED = [OptionsError, DataError, PortInUseError, TemplateError, UnsupportedResource, InvalidDefinition];

async function main(): Promise<void> {
  endOnSignals();
  endWithoutParent();
  const options = parseOptions(process.argv.slice(2));
  const run = await startLocal({ ...options, root: ROOT, print });
  running = run;
  // Customers that were kept stay as an operator has changed them since.
  await run.setUpOnce(() => registerDemoCustomers(ROOT, run.awsUrl)).catch(report);
  print(`Ready in ${seconds()}: ${run.apiUrl} (pid ${process.pid})`);
  if (options.isDemoWanted) await demonstrate(run, options);
}

async function demonstrate(run: LocalRun, { monoova }: StartOptions): Promise<void> {
  // Money may move at another Monoova: only a person sends the first payout there.
  if (monoova === undefined) await showPayout(run, print).catch(report);
  for (const line of suggestions(run)) print(line);
}

/** A failed demonstration leaves a running system, which is what one needs to find out why. */
function report(error: unknown): void {
  console.error(error instanceof DemoError ? error.message : error);
}

let running: LocalRun | undefined;
let isEnding = false;

function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
}

/** Safe to repeat: a terminal and a parent may both tell us. */
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  // A real timer: the clock of the run stops with the run.
  setTimeout(() => process.exit(0), STOP_TIMEOUT_MS);
  await running?.stop().catch(report);
  process.exit(0);
}

/** Nobody would know of a server whose starter was killed, and its ports would stay taken. */
function endWithoutParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_POLL_MS).unref();
}

main().catch((error: unknown) => {
  const isExplained = EXPLAINED.some((type) => error instanceof type);
  console.error(isExplained && error instanceof Error ? error.message : error);
  process.exit(1);
});
