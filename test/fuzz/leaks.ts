import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { spellingsOf } from '../support/spellings.ts';
import { CANARIES, STRANGERS_ID } from './payee.ts';

type Destination = Readonly<Record<string, string | undefined>>;

/** A bank's number is short enough to stand in a hash by chance, and so is looked for among few lines alone (test/e2e/secrecy.test.ts). */
const DESTINATION_FIELDS = ['payId', 'accountNumber', 'accountName'];
const DEMO_CUSTOMERS: { payout_destinations: Destination[] }[] = JSON.parse(
  readFileSync(new URL('../../local/demo-customers.json', import.meta.url), 'utf8'),
);

const SECRETS: readonly string[] = [
  ...CANARIES,
  'local-webhook-token',
  'local-monoova-api-key',
  ...DEMO_CUSTOMERS.flatMap(({ payout_destinations }) =>
    payout_destinations.flatMap((destination) => DESTINATION_FIELDS.map((field) => destination[field] ?? '')),
  ).filter(Boolean),
];
const SPELLINGS = [...new Set(SECRETS)].flatMap((secret) =>
  spellingsOf(secret).map((spelling) => ({ secret, spelling })),
);

/** Answers have headers, and with them the caller's own id. */
const ANSWERS = 'answer.jsonl';
const CHUNK_BYTES = 16 * 1024 * 1024;
const LONGEST = Math.max(...SPELLINGS.map(({ spelling }) => spelling.length));

/** Secrets that stand in the text, in any spelling. */
export function leaksIn(text: string): string[] {
  return [...new Set(SPELLINGS.filter(({ spelling }) => text.includes(spelling)).map(({ secret }) => secret))];
}

/** Every file of a record and what has leaked into it; files of any size. */
export function leaksInFolder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) =>
    leaksInFile(join(folder, name))
      .filter((secret) => secret !== STRANGERS_ID || name !== ANSWERS)
      .map((secret) => `${name}: ${secret}`),
  );
}

function leaksInFile(path: string): string[] {
  const found = new Set<string>();
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = '';
  try {
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const text = rest + chunk.toString('latin1', 0, bytes);
      for (const secret of leaksIn(text)) found.add(secret);
      rest = text.slice(-LONGEST);
    }
  } finally {
    closeSync(file);
  }
  return [...found];
}
