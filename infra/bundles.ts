import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type OutputFile } from 'esbuild';
import { type AnyFunctionName, FUNCTION_NAMES, folderOf, SMOKE_TEST } from './function-names.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS dependencies (the Encryption SDK) call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export type Bundles = {
  /** The folder that holds a function's `index.mjs` and its source map. */
  directoryOf(name: AnyFunctionName): string;
  /** Deletes the folders. Call it when the stacks have copied them as assets. */
  remove(): void;
};

/** A function that the stack names and the source does not have. */
export class MissingFunctionError extends Error {
  override readonly name = 'MissingFunctionError' as const;
}

/**
 * Bundles every function in one call of esbuild. The AWS SDK goes in: what runs is what was tested. Names are kept, since Step
 * Functions matches the names of errors and the SDK knows some of its classes by theirs. The same sources give the same bytes on
 * any machine, so an unchanged function keeps its asset and is not deployed again; output goes to a folder of its own, so that two
 * syntheses at once do not meet.
 *
 * @throws {MissingFunctionError} naming each function without an `index.ts`.
 */
export function bundleFunctions(
  names: readonly AnyFunctionName[] = [...FUNCTION_NAMES, SMOKE_TEST],
  root = ROOT,
): Bundles {
  const missing = names.filter((name) => !existsSync(entryOf(root, name)));
  if (missing.length > 0) {
    throw new MissingFunctionError(`These functions have no index.ts: ${missing.map(folderOf).join(', ')}`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'payouts-bundles-'));
  for (const file of build(names, root)) {
    const folder = join(directory, basename(dirname(file.path)));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, basename(file.path)), file.contents);
  }
  return {
    directoryOf: (name) => join(directory, folderOf(name)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function entryOf(root: string, name: AnyFunctionName): string {
  return join(root, 'functions', folderOf(name), 'index.ts');
}

function build(names: readonly AnyFunctionName[], root: string): OutputFile[] {
  const entryPoints = names.map((name) => ({ in: entryOf(root, name), out: `${folderOf(name)}/index` }));
  return buildSync({
    absWorkingDir: root,
    entryPoints,
    // Nothing is written there; the source maps' relative paths are counted from it.
    outdir: 'cdk.out/bundles',
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Identifiers stay as they are. esbuild's `keepNames` keeps names too, but by a call for each function each time it is made:
    // the SDK makes dozens in every call, a tenth of what one costs.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  }).outputFiles;
}
