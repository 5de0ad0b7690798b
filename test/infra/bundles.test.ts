import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundles, bundleFunctions } from '../../infra/bundles.ts';

const SOURCE = `
  import { createRequire } from 'node:module';
  class PayoutConflictError extends Error { override readonly name = 'PayoutConflictError' as const; }
  function namedFunction(): number { return 1; }
  export const handler = () => [new PayoutConflictError().name, PayoutConflictError.name, namedFunction.name, typeof require];
`;

let roots: string[];
let bundles: Bundles[];

beforeAll(() => {
  roots = ['a', 'somewhere-else'].map((name) => {
    const root = join(mkdtempSync(join(tmpdir(), 'payouts-sources-')), name);
    mkdirSync(join(root, 'functions/validate-payout'), { recursive: true });
    writeFileSync(join(root, 'functions/validate-payout/index.ts'), SOURCE);
    return root;
  });
  bundles = roots.map((root) => bundleFunctions(['ValidatePayout'], root));
});
afterAll(() => {
  for (const bundle of bundles) bundle.remove();
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

const fileOf = (bundle: Bundles | undefined, name: string) => join(bundle?.directoryOf('ValidatePayout') ?? '', name);
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('the bundles', () => {
  it('name every function that has no source', () => {
    const [root] = roots;
    expect(() => bundleFunctions(['ValidatePayout', 'SubmitPayment', 'ReadPayouts'], root)).toThrow(
      /no index\.ts: submit-payment, read-payouts/,
    );
  });

  it.each(['index.mjs', 'index.mjs.map'])('are the same %s byte for byte wherever they are built', (name) => {
    const [one, other] = bundles.map((bundle) => hashOf(fileOf(bundle, name)));
    expect(one).toBe(other);
  });

  it('keep the names of errors and functions, and can require', () => {
    const url = pathToFileURL(fileOf(bundles[0], 'index.mjs')).href;
    const program = `import { handler } from '${url}'; console.log(JSON.stringify(handler()))`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(['PayoutConflictError', 'PayoutConflictError', 'namedFunction', 'function']);
  });

  it('carry source maps without the sources', () => {
    const map = JSON.parse(readFileSync(fileOf(bundles[0], 'index.mjs.map'), 'utf8'));
    expect(map.sourcesContent ?? []).toEqual([]);
    expect(map.sources.join()).toContain('functions/validate-payout/index.ts');
  });

  it('are gone when they are removed', () => {
    const [root] = roots;
    const bundle = bundleFunctions(['ValidatePayout'], root);
    bundle.remove();
    expect(existsSync(bundle.directoryOf('ValidatePayout'))).toBe(false);
  });
});
