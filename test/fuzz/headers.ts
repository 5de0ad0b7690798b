import fc, { type Arbitrary } from 'fast-check';
import { PAYEE, STRANGERS_ID } from './payee.ts';

/** As it goes over the wire: Latin-1, and no name is there twice unless it is meant to be. */
export type Header = readonly [name: string, value: string];

/** Also what API Gateway and Lambda, and not the function, have to live with. */
const TRICKS: readonly (readonly Header[])[] = [
  [['Content-Encoding', 'gzip']],
  [['X-HTTP-Method-Override', 'DELETE']],
  [['X-Amzn-RequestId', STRANGERS_ID]],
  [['X-Amzn-Trace-Id', `Root=${STRANGERS_ID}`]],
  [
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Host', 'fuzz.example'],
  ],
  [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ],
  [['Accept', 'application/octet-stream']],
  [['Accept', 'text/html,*/*;q=0.1']],
  [['Cookie', PAYEE.accountName]],
  [['User-Agent', `Zebedee ${PAYEE.accountNumber}`]],
  [
    ['X-Amz-Security-Token', 'x'],
    ['X-Amz-Date', '20261123T000000Z'],
  ],
  Array.from({ length: 60 }, (_, index): Header => [`X-Many-${index}`, 'x'.repeat(60)]),
];

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/octet-stream',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'image/png',
  '',
  ';',
];

const WEBHOOK_IDS = ['5000001', '0', '-1', '1e3', '99999999999999999999', '١', PAYEE.accountName, ''];

const contentType: Arbitrary<readonly Header[]> = fc.oneof(
  { arbitrary: fc.constant<readonly Header[]>([['Content-Type', 'application/json; charset=utf-8']]), weight: 5 },
  {
    arbitrary: fc.constantFrom(...CONTENT_TYPES).map((type): readonly Header[] => [['Content-Type', type]]),
    weight: 1,
  },
  { arbitrary: fc.constant<readonly Header[]>([]), weight: 1 },
);

const webhookId: Arbitrary<readonly Header[]> = fc.oneof(
  fc.nat({ max: 9_000_000 }).map((id): readonly Header[] => [['Webhookid', String(id)]]),
  fc.constantFrom(...WEBHOOK_IDS).map((id): readonly Header[] => [['Webhookid', inLatin1(id)]]),
  fc.constant<readonly Header[]>([
    ['Webhookid', '1'],
    ['WEBHOOKID', '2'],
  ]),
);

const trick = fc.oneof(
  { arbitrary: fc.constant<readonly Header[]>([]), weight: 4 },
  { arbitrary: fc.constantFrom(...TRICKS), weight: 1 },
);

/** All headers but those of the proof. */
export const otherHeaders: Arbitrary<readonly Header[]> = fc
  .tuple(contentType, webhookId, trick)
  .map((headers) => headers.flat());

export function inLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
