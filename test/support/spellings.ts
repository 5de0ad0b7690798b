/** How a text looks in base64 when it stands anywhere in a longer one: the part that does not depend on its neighbours, for each of the three alignments. */
function base64Spellings(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const start = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return padded.slice(start, whole);
  });
}

/**
 * Every spelling in which a secret could hide: plain, base64 at its three alignments, hex, URL-encoded, as JSON escapes, and
 * without its separators.
 */
export function spellingsOf(secret: string): string[] {
  const escaped = [...secret]
    .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const spellings = [
    secret,
    secret.toLowerCase(),
    secret.toUpperCase(),
    ...base64Spellings(secret),
    Buffer.from(secret, 'utf8').toString('hex'),
    encodeURIComponent(secret),
    escaped,
    secret.replaceAll(/[\s-]/g, ''),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling.length >= 5);
}
