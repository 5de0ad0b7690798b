/** What nearly every call of an AWS API has. */
const ROOT_PATH: readonly string[] = ['/'];
const NO_QUERY: readonly string[] = [''];

/**
 * The canonical forms of a raw path that clients sign. For every service but S3 AWS encodes the path's segments twice
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), and the SDKs do, after
 * removing empty and dot segments. curl before 8.3 signs the path as it sends it; some clients encode once. All are the
 * same where the path holds no reserved character.
 */
export function canonicalPaths(rawPath: string): readonly string[] {
  if (rawPath === '/') return ROOT_PATH;
  const normalised = normalisePath(rawPath);
  return [...new Set([encodeSegments(normalised), encodeSegments(decoded(normalised)), rawPath])];
}

/**
 * The canonical forms of a raw query: sorted and encoded as AWS documents it, or as sent, which is what curl before 8.3
 * signs. AWS itself refuses the second where it differs from the first.
 */
export function canonicalQueries(rawQuery: string): readonly string[] {
  if (rawQuery === '') return NO_QUERY;
  const pairs = rawQuery.split('&').filter(Boolean).map(canonicalPair);
  pairs.sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value));
  return [...new Set([pairs.map(({ name, value }) => `${name}=${value}`).join('&'), rawQuery])];
}

function canonicalPair(pair: string): { name: string; value: string } {
  const at = pair.indexOf('=');
  const name = at < 0 ? pair : pair.slice(0, at);
  const value = at < 0 ? '' : pair.slice(at + 1);
  return { name: encode(decoded(name)), value: encode(decoded(value)) };
}

function normalisePath(rawPath: string): string {
  const kept: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const trailing = kept.length > 0 && rawPath.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${trailing}`;
}

function encodeSegments(path: string): string {
  return path.split('/').map(encode).join('/');
}

/** RFC 3986: everything but letters, digits and `-._~`. encodeURIComponent leaves `!'()*` alone. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A text that is not valid percent-encoding stands for itself: no honest client made it, and no signature will match. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** By code point of the encoded text, which is ASCII. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
