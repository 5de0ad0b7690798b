/**
 * Money is integer cents of Australian dollars. The API and Monoova speak decimal dollars; the conversion is exact
 * because it reads the text of a number and never multiplies (`37.8 * 100` is 3779.9999999999995).
 */
export type Cents = number & { readonly __unit: 'AUD cents' };

export const CURRENCY = 'AUD';

/** Digits, then at most two places that count; further zeros change nothing (Monoova writes `"100.0000"`). */
const DECIMAL_TEXT = /^(\d{1,13})(?:\.(\d{1,2})0*)?$/;

/**
 * Cents of a decimal text such as `12`, `12.3` or `12.30`: 0 or more, below 10^15. Undefined for a sign, an exponent,
 * a third place that counts, or anything that is no plain decimal.
 */
export function centsFromText(text: string): Cents | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (!match) return undefined;
  const [, dollars = '', places = ''] = match;
  return toCents(Number(dollars + places.padEnd(2, '0')));
}

/** Cents of a JSON number or numeric string as Monoova sends them; undefined where it is not a whole number of cents. */
export function centsFromJson(value: unknown): Cents | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  return centsFromText(String(value));
}

/**
 * Brands a number that is already cents.
 * @throws {RangeError} for anything but a safe integer of 0 or more.
 */
export function toCents(value: number): Cents {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('Cents are a whole number of 0 or more.');
  return value as Cents;
}

/**
 * Decimal dollars for JSON. A division of two integers is correctly rounded, so the shortest text of the result is the
 * decimal itself: 1234 gives `12.34` (tested over the whole range).
 */
export function dollarsOf(cents: Cents): number {
  return cents / 100;
}
