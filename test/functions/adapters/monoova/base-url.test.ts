import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../domain/errors.ts';
import { allowedBaseUrl } from '../../../../functions/adapters/monoova/base-url.ts';

const DEV = ['api.m-pay.com.au', 'loopback'];
const PROD = ['api.mpay.com.au'];

describe("Monoova's base URL", () => {
  it.each([
    ['https://api.m-pay.com.au', 'https://api.m-pay.com.au'],
    ['https://API.M-PAY.com.au:443/', 'https://api.m-pay.com.au'],
    ['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
    ['http://localhost:1/base//', 'http://localhost:1/base'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
  ])('of the stage is allowed: %s', (url, expected) => {
    expect(allowedBaseUrl(url, DEV)).toBe(expected);
  });

  it.each([
    'http://api.m-pay.com.au',
    'https://api.mpay.com.au',
    'https://api.m-pay.com.au.evil.example',
    'https://api.m-pay.com.au@evil.example',
    'https://api.m-pay.com.au:8443',
    'https://user:secret@api.m-pay.com.au',
    'https://api.m-pay.com.au/?key=1',
    'https://api.m-pay.com.au/#top',
    'ftp://127.0.0.1/',
    'http://127.0.0.2/',
    'http://169.254.169.254/',
    'nonsense',
  ])('of anybody else is not: %s', (url) => {
    expect(() => allowedBaseUrl(url, DEV)).toThrow(ConfigurationError);
  });

  it('is never this machine in a stage that does not say so', () => {
    expect(allowedBaseUrl('https://api.mpay.com.au', PROD)).toBe('https://api.mpay.com.au');
    expect(() => allowedBaseUrl('https://127.0.0.1', PROD)).toThrow(ConfigurationError);
    expect(() => allowedBaseUrl('http://loopback', ['loopback'])).toThrow(ConfigurationError);
  });
});
