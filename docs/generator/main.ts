/** `npm run docs`: writes everything that is made from the API's schemas, without a network. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { artefacts } from './artefacts.ts';

for (const [path, text] of Object.entries(await artefacts())) {
  writeFileSync(resolve(import.meta.dirname, '../..', path), text);
  console.log(`${path}: ${Buffer.byteLength(text)} bytes`);
}
