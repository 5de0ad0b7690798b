import { TemplateRenderError } from './velocity/errors.ts';

/** UTF-8 bytes as Java writes them: half of a surrogate pair becomes a question mark. */
function utf8(text: string): Buffer {
  return Buffer.from(text.replace(/\p{Surrogate}/gu, '?'), 'utf8');
}

export function base64Encode(text: string): string {
  return utf8(text).toString('base64');
}

/** @throws {TemplateRenderError} for what Java's basic decoder refuses. */
export function base64Decode(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || (text.includes('=') && text.length % 4 !== 0) || text.length % 4 === 1) {
    throw new TemplateRenderError('base64Decode of what is not base64');
  }
  return Buffer.from(text, 'base64').toString('utf8');
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
};

/**
 * As StringEscapeUtils.escapeJavaScript of Apache Commons Lang 2 does, whose `\'` is the one AWS's page warns of: no JSON reads
 * it, so it must be turned back by `replaceAll("\\'","'")`. That AWS runs this very library is an assumption.
 */
export function escapeJavaScript(text: string): string {
  return text.replace(/[^ -\x7f]|['"\\/]/g, (character) => SHORT_ESCAPES[character] ?? unicodeEscape(character));
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** As java.net.URLEncoder in UTF-8. */
export function urlEncode(text: string): string {
  return utf8(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9.*_ -]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    .replaceAll(' ', '+');
}

/** @throws {TemplateRenderError} for a percent sign without two hexadecimal digits after it. */
export function urlDecode(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new TemplateRenderError('urlDecode of what is not encoded');
  const plain = text.replaceAll('+', ' ');
  return plain.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
