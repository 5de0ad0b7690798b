import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrub, withoutIdentifiers } from '../../../../functions/adapters/monoova/scrub.ts';

describe('scrubbed text', () => {
  it('keeps ordinary words as they are', () => {
    expect(scrub('ACCOUNT CLOSED')).toBe('ACCOUNT CLOSED');
    expect(scrub('Rejected by the café’s bank: R006, limit $1.00')).toBe(
      'Rejected by the cafe’s bank: R006, limit $1.00',
    );
  });

  it.each([
    ["Account Number '5665333334983' is not valid", "Account Number '***' is not valid"],
    ['BSB 062-205 is closed', 'BSB *** is closed'],
    ['to 12 34 56 78 9', 'to ***'],
    ['to 1234-5678.', 'to ***.'],
    ['call +61 (0)412 345 678 now', 'call +*** now'],
    ['５６６５３３３３', '***'],
    ['1\u200b2\u200b3\u200b4\u200b5', '***'],
    ['PayID jane.citizen+pay@example.com unknown', 'PayID *** unknown'],
  ])('takes numbers, telephones and e-mails out: %s', (text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it.each([
    ['Payee JANE   CITIZEN unknown', 'Payee *** unknown'],
    ['Payee jane-citizen unknown', 'Payee *** unknown'],
    ['Payee J. Citizen unknown', 'Payee J. *** unknown'],
    ['account Ab12-CD34', 'account ***'],
    ['account AB 12 CD 34', 'account ***'],
    ['number 4711 of 1047112', 'number *** of ***'],
    ['Mr Li is not alive', 'Mr *** is not alive'],
  ])('takes known values out, whole or in words: %s', (text, expected) => {
    expect(scrub(text, ['Jane Citizen', 'ab12cd34', '4711', 'Li'])).toBe(expected);
  });

  it('finds a known value that has no letter or digit, and ignores an empty one', () => {
    expect(scrub('to !!-!! and on', ['!!-!!', ' '])).toBe('to *** and on');
  });

  it('holds one line of at most 140 characters and never half a character', () => {
    const scrubbed = scrub(`one\r\ntwo\u0000${'😀'.repeat(200)}`);
    expect(scrubbed.startsWith('one two')).toBe(true);
    expect(scrubbed.length).toBeLessThanOrEqual(140);
    expect(scrubbed.isWellFormed()).toBe(true);
    expect(scrubbed.endsWith('…')).toBe(true);
  });

  it('says only the length of what is no sentence', () => {
    expect(scrub('x'.repeat(4_001))).toBe('(4001 characters left out)');
  });

  const separator = fc.constantFrom('', ' ', '-', '  ', ' - ', '.', '/', '\u00a0', '\u2013');
  const prose = fc.string({ unit: fc.constantFrom(...'abc XYZ.,:!?\'"()-'), maxLength: 60 });

  it('never lets an account number through, however it is spaced', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 28 });
    fc.assert(
      fc.property(prose, digits, separator, prose, (before, number, between, after) => {
        const scrubbed = scrub(before + number.join(between) + after);
        expect(scrubbed.replace(/\D/g, '').length).toBeLessThan(5);
      }),
    );
  });

  it('never lets a known value through, in any letter case, with any separator', () => {
    const letters = fc.constantFrom(...'abcdefghjkmnpqrstuvwxyz0123456789');
    const secret = fc.string({ unit: letters, minLength: 4, maxLength: 28 });
    fc.assert(
      fc.property(prose, secret, separator, fc.boolean(), prose, (before, value, between, isUpper, after) => {
        const spelt = Array.from(isUpper ? value.toUpperCase() : value).join(between);
        const plain = scrub(`${before}${spelt}${after}`, [value])
          .toLowerCase()
          .replace(/[^a-z0-9]/g, '');
        // What the prose itself spells by chance is not a leak.
        fc.pre(
          !`${before}${after}`
            .toLowerCase()
            .replace(/[^a-z0-9]/g, '')
            .includes(value),
        );
        expect(plain).not.toContain(value);
      }),
    );
  });

  it('is done when it is done: scrubbing again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (text) => {
        const once = scrub(text);
        expect(scrub(once)).toBe(once);
      }),
    );
  });

  it('is fast on texts made to be slow', () => {
    const startedMs = performance.now();
    for (const text of [
      '1 '.repeat(2_000),
      'a@'.repeat(2_000),
      '@'.repeat(4_000),
      'a'.repeat(4_000),
      '1  x'.repeat(1_000),
    ]) {
      scrub(text, ['aaaaaaaaaaaaaaaaaaaaaaaaab', '1 1 1 1 1 2']);
      withoutIdentifiers(text);
    }
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
