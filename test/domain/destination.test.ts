import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Destination, destinationSchema, maskOf, secretsOf } from '../../domain/destination.ts';

const accountName = 'Jane Citizen';
const payId = (payIdType: string, id: string) => ({ type: 'PayId', payIdType, payId: id, accountName });
const bankAccount = (bsb: string, accountNumber: string) => ({ type: 'BankAccount', bsb, accountNumber, accountName });

/** Destinations of every kind, built from what their formats allow. */
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const words = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'),
  minLength: 1,
  maxLength: 40,
});
const anyDestination: fc.Arbitrary<unknown> = fc.oneof(
  fc.tuple(words, words).map(([mailbox, host]) => payId('Email', `${mailbox}@${host}.example`)),
  digits(8, 12).map((number) => payId('PhoneNumber', `+61-4${number}`)),
  digits(11, 11).map((abn) => payId('ABN', abn)),
  digits(9, 9).map((acn) => payId('ACN', acn)),
  words.map((name) => payId('OrganisationId', `${name}x`)),
  fc.tuple(digits(6, 6), digits(4, 28)).map(([bsb, number]) => bankAccount(bsb, number)),
);

/** The longest run of characters of `secret` that can be read in `text`. */
function longestShared(text: string, secret: string): number {
  for (let length = secret.length; length > 0; length--) {
    for (let start = 0; start + length <= secret.length; start++) {
      if (text.includes(secret.slice(start, start + length))) return length;
    }
  }
  return 0;
}

describe('destination', () => {
  it.each([
    payId('Email', 'Jane@Example.com'),
    payId('PhoneNumber', '+61-412345678'),
    payId('ABN', '12345678901'),
    payId('ACN', '123456789'),
    payId('OrganisationId', 'Example Pty Ltd'),
    bankAccount('802985', '1234'),
    bankAccount('802-985', 'AB12345678'),
  ])('takes $payIdType$bsb', (destination) => {
    expect(destinationSchema.safeParse(destination).error).toBeUndefined();
  });

  it.each([
    payId('Email', 'jane'),
    payId('Email', 'jane@'),
    payId('PhoneNumber', '0412345678'),
    payId('PhoneNumber', `+61-${'4'.repeat(40)}`),
    payId('ABN', '123456789'),
    payId('ACN', '12345678901'),
    payId('OrganisationId', 'x'),
    payId('Iban', 'DE00'),
    bankAccount('80298', '1234567'),
    bankAccount('802-985', '123'),
    bankAccount('802-985', '1234 5678'),
    bankAccount('802-985', '1'.repeat(29)),
    { ...bankAccount('802-985', '1234567'), accountName: 'J' },
    { ...bankAccount('802-985', '1234567'), accountName: 'J'.repeat(141) },
    { ...bankAccount('802-985', '1234567'), swift: 'X' },
    { type: 'Cheque' },
    null,
  ])('refuses %j', (destination) => {
    expect(destinationSchema.safeParse(destination).success).toBe(false);
  });

  it('spells a BSB with its hyphen and an e-mail in lower case, as Monoova takes them', () => {
    expect(destinationSchema.parse(bankAccount('802985', '1234567'))).toMatchObject({ bsb: '802-985' });
    expect(destinationSchema.parse(payId('Email', ' Jane@Example.com '))).toMatchObject({ payId: 'jane@example.com' });
  });

  it('shows at most four characters and at most a third of the number, nothing of BSB or name, and hides the length', () => {
    fc.assert(
      fc.property(anyDestination, (raw) => {
        const destination: Destination = destinationSchema.parse(raw);
        const mask = maskOf(destination);
        const number = destination.type === 'PayId' ? destination.payId : destination.accountNumber;
        const shown = mask.replace('••••', '');
        expect(mask).toContain('••••');
        expect(shown.length).toBeLessThanOrEqual(4);
        expect(shown.length).toBeLessThanOrEqual(number.length / 3);
        expect(number.startsWith(shown) || number.endsWith(shown)).toBe(true);
        for (const secret of secretsOf(destination)) {
          expect(longestShared(mask, secret)).toBeLessThanOrEqual(Math.min(4, Math.ceil(number.length / 3)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [payId('Email', 'janecitizen@example.com'), 'jan••••'],
    [payId('Email', 'jo@example.com'), '••••'],
    [payId('PhoneNumber', '+61-412345678'), '••••5678'],
    [bankAccount('802-985', '1234'), '••••4'],
    [bankAccount('802-985', '123456789'), '••••789'],
    [bankAccount('802-985', '12345678901234567890'), '••••7890'],
  ])('masks %j as %s', (destination, mask) => {
    expect(maskOf(destinationSchema.parse(destination))).toBe(mask);
  });

  it('names every text that must never be seen', () => {
    expect(secretsOf(destinationSchema.parse(bankAccount('802985', '1234567')))).toEqual([
      '802-985',
      '802985',
      '1234567',
      accountName,
    ]);
    expect(secretsOf(destinationSchema.parse(payId('Email', 'j@e.au')))).toEqual(['j@e.au', accountName]);
  });
});
