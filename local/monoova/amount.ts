export type ParsedAmount =
  | { readonly kind: 'cents'; readonly cents: number }
  | { readonly kind: 'not-a-number' }
  | { readonly kind: 'too-many-decimals' };

const DECIMAL = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?(?:[eE]([+-]?\d{1,2}))?$/;
const CENTS_DECIMALS = 2;

/**
 * Exact cents of a decimal as it stood in the JSON text: binary floating point never sees the money. Zeros behind the
 * second place are let pass (10.100 is 10.10); anything else there is `too-many-decimals`.
 */
export function parseAmount(text: string): ParsedAmount {
  const match = DECIMAL.exec(text);
  if (!match) return { kind: 'not-a-number' };
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const excess = fraction.length - Number(exponent) - CENTS_DECIMALS;
  const digits = BigInt(whole + fraction);
  const divisor = 10n ** BigInt(Math.max(0, excess));
  if (digits % divisor !== 0n) return { kind: 'too-many-decimals' };
  const cents = (digits * 10n ** BigInt(Math.max(0, -excess))) / divisor;
  return { kind: 'cents', cents: Number(sign === '-' ? -cents : cents) };
}

/** Cents as the JSON number Monoova sends: 1050 is 10.5. Exact for every amount below 100,000,000.00. */
export function decimalAud(cents: number): number {
  return cents / 100;
}

/** Cents as Monoova's error texts print them: `$100,000,001.00`. */
export function printedAud(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100).toLocaleString('en-AU');
  const sign = cents < 0 ? '-' : '';
  return `${sign}$${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}
