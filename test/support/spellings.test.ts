import { describe, expect, it } from 'vitest';
import { spellingsOf } from './spellings.ts';

describe('spellingsOf', () => {
  const secret = 'jane.citizen@example.com';
  const finds = (text: string) => spellingsOf(secret).some((spelling) => text.includes(spelling));

  it.each([
    ['plain', `x${secret}y`],
    ['upper case', secret.toUpperCase()],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64, one byte later', Buffer.from(`x${secret}y`).toString('base64')],
    ['base64, two bytes later', Buffer.from(`xx${secret}yyy`).toString('base64')],
    ['hex', Buffer.from(`x${secret}`).toString('hex')],
    ['a URL', `/?q=${encodeURIComponent(secret)}`],
    ['JSON escapes', [...secret].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ])('finds a secret in %s', (_, text) => {
    expect(finds(text)).toBe(true);
  });

  it('finds an account number without its hyphens', () => {
    expect(spellingsOf('802-985')).toContain('802985');
  });

  it('finds nothing where nothing is', () => {
    expect(finds('jane••••@')).toBe(false);
  });
});
