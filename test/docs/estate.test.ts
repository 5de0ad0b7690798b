import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** Of no resource: what others are named by. */
const NOT_CONSTRUCTS = ['infra/baseline/names.ts'];

it('docs/estate.md names every construct, so that nothing is deployed that it does not explain', () => {
  const estate = readFileSync(resolve(ROOT, 'docs/estate.md'), 'utf8');
  const constructs = ['infra/constructs', 'infra/baseline'].flatMap((folder) =>
    readdirSync(resolve(ROOT, folder)).map((file) => `${folder}/${file}`),
  );
  expect(constructs.filter((file) => !NOT_CONSTRUCTS.includes(file) && !estate.includes(`\`${file}\``))).toEqual([]);
});
