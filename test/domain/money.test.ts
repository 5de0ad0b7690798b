import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centsFromJson, centsFromText, dollarsOf, toCents } from '../../domain/money.ts';

const LARGEST_CENTS = 100_000_000_00;

describe('money', () => {
  it('survives the round trip through decimal JSON for every number of cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST_CENTS }), (cents) => {
        const text = JSON.stringify(dollarsOf(toCents(cents)));
        expect(centsFromText(text)).toBe(cents);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives it for each of the amounts that a payout may have', () => {
    for (let cents = 1; cents <= 100_000; cents++) {
      if (centsFromJson(JSON.parse(JSON.stringify(dollarsOf(toCents(cents))))) !== cents) expect.fail(`${cents} cents`);
    }
  });

  it.each([
    ['12', 1200],
    ['12.3', 1230],
    ['12.30', 1230],
    ['100.0000', 10_000],
    ['0.01', 1],
    ['37.80', 3780],
  ])('reads %s as %i cents', (text, cents) => {
    expect(centsFromText(text)).toBe(cents);
  });

  it.each(['', '.5', '5.', '-1', '+1', '1e2', '0.001', '1.005', '1,000', ' 1', 'NaN', '12345678901234'])(
    'refuses %j',
    (text) => {
      expect(centsFromText(text)).toBeUndefined();
    },
  );

  it('reads numbers and numeric strings of Monoova alike, and nothing else', () => {
    expect(centsFromJson(2.5)).toBe(250);
    expect(centsFromJson('2.5000')).toBe(250);
    expect(centsFromJson(null)).toBeUndefined();
    expect(centsFromJson({})).toBeUndefined();
    expect(centsFromJson(0.1 + 0.2)).toBeUndefined();
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('brands no %d as cents', (value) => {
    expect(() => toCents(value)).toThrow(RangeError);
  });
});
