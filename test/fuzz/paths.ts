import fc, { type Arbitrary } from 'fast-check';
import { PAYEE } from './payee.ts';

const ODD_SUFFIXES = [
  ...['/', '//', '/.', '/..', '/../payouts', '/%2e%2e', '/..%2fpayouts', '/a/b', '/%', '/%00', '/%ff', '/ ', '/%20'],
  ...[
    '/__proto__',
    '/constructor',
    '/toString',
    '/NPPPaymentStatus%0d%0aX-A: b',
    '/Unheard',
    '/unheard',
    '?x=1',
    '?',
    '/é',
  ],
  ...['/NppPaymentStatus/', '/NppPaymentStatus?a=b', '/NppPaymentStatus%20', '/{eventName}', `/${'x'.repeat(3_000)}`],
  `/${encodeURIComponent(PAYEE.payId)}`,
  `?${new URLSearchParams({ name: PAYEE.accountName })}`,
].map((suffix) => suffix.replaceAll(' ', '%20').replaceAll('é', '%C3%A9'));

const EVENT_NAMES = [
  'NppPaymentStatus',
  'NppReturn',
  'DirectEntryDishonour',
  'NPPReceivePayment',
  'InboundDirectDebit',
];

/** What comes behind `/webhooks/monoova`. */
export function suffixFor(eventName: string): Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom('', `/${eventName}`), weight: 8 },
    { arbitrary: fc.constantFrom(...EVENT_NAMES).map((name) => `/${name}`), weight: 1 },
    { arbitrary: fc.constantFrom(...ODD_SUFFIXES), weight: 1 },
  );
}
