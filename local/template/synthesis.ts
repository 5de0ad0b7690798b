import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child-process.ts';
import { TemplateError } from './template-error.ts';

/** All that the CDK app reads. What is not listed here cannot change the template. */
const INPUTS = ['infra', 'functions', 'domain', 'statemachines', 'cdk.json', 'package-lock.json'];
const SYNTHESIS_TIMEOUT_MS = 120_000;
/** Another run may still load bundles from an older assembly, so the last ones are kept. */
const KEPT_ASSEMBLIES = 5;

/**
 * The folder of the synthesised app: that of an earlier start when its inputs are unchanged, else a new one. Folders are
 * named by the hash of the inputs and appear whole (by renaming), so that starts at the same time do not meet half a one.
 *
 * @param stage of all stages, the one whose stack is needed
 * @param onStart called before the app is run, which takes seconds
 * @throws {TemplateError} with the end of what the app printed, when it fails or takes longer than two minutes
 */
export async function synthesise(root: string, stage: string, onStart: () => void = () => {}): Promise<string> {
  const assemblies = join(root, '.local', 'assemblies');
  const directory = join(assemblies, `${stage}-${hashInputs(root)}`);
  if (existsSync(directory)) return directory;
  onStart();
  const draft = join(assemblies, `draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  try {
    await runApp(root, stage, draft);
    moveInto(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOldest(assemblies);
  return directory;
}

function hashInputs(root: string): string {
  const hash = createHash('sha256');
  for (const path of INPUTS.flatMap((input) => filesUnder(root, input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 20);
}

/** In one order on every machine. */
function filesUnder(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}

/**
 * Runs the app as the CDK command line would (it takes three times as long to say the same): the app of cdk.json gets the
 * context of cdk.json and the folder to write to. Other stages than the one that is run are left out: they change nothing in its template.
 */
async function runApp(root: string, stage: string, outputDirectory: string): Promise<void> {
  const { app, context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const [program, ...args] = String(app).split(' ');
  const { code, output } = await runChild(program === 'node' ? process.execPath : String(program), args, {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outputDirectory,
      // CDK's check of the finished template takes two thirds of the time; `npm run check` synthesises with it.
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-path-metadata': true, ...context, stage }),
    },
    timeoutMs: SYNTHESIS_TIMEOUT_MS,
  });
  if (code !== 0) throw new TemplateError(`${app} (the CDK app) failed with ${code}:\n${output}`);
  if (!existsSync(join(outputDirectory, 'manifest.json'))) throw new TemplateError(`${app} has synthesised nothing`);
}

/** Where another start was quicker, its folder holds the same and stays. */
function moveInto(draft: string, directory: string): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

function removeOldest(assemblies: string): void {
  const byAge = readdirSync(assemblies)
    .filter((name) => !name.startsWith('draft-'))
    .map((name) => ({
      path: join(assemblies, name),
      madeAtMs: statSync(join(assemblies, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.madeAtMs - a.madeAtMs);
  for (const { path } of byAge.slice(KEPT_ASSEMBLIES)) rmSync(path, { recursive: true, force: true });
}
