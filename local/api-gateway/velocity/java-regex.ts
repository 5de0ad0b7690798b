import { TemplateRenderError } from './errors.ts';

const LINE_END = '\\n\\r\\u0085\\u2028\\u2029';

/** Escapes that mean the same in both languages. */
const SHARED_ESCAPES = /^[dDwWtnrf0-9u]$/;

/**
 * Turns a pattern of java.util.regex into a RegExp that matches alike, over code points as Java does. What JavaScript has
 * not, or reads differently, is refused by name.
 *
 * @throws {TemplateRenderError} naming the construct, never the text it was to match.
 */
export function javaRegex(pattern: string, flags = 'g'): RegExp {
  const translated = translate(pattern);
  try {
    return new RegExp(translated, `${flags}u`);
  } catch (error) {
    throw new TemplateRenderError('this regular expression is not one that Java and JavaScript share', {
      cause: error,
    });
  }
}

/** String.matches: the whole text, or nothing. */
export function isFullMatch(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${javaRegex(pattern).source})$`, 'u').test(text);
}

function translate(pattern: string): string {
  let out = '';
  let isInClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '\\') {
      at += 1;
      out += translateEscape(pattern.charAt(at), isInClass);
      continue;
    }
    if (isInClass && (character === '[' || pattern.startsWith('&&', at))) throw refusal('a class inside a class');
    if (!isInClass && /^(?:[*+?}]\+|\(\?(?![:=!]|<[=!A-Za-z]))/.test(pattern.slice(at))) {
      throw refusal('a possessive quantifier or an inline flag');
    }
    if (character === '[') isInClass = true;
    if (character === ']') isInClass = false;
    out += isInClass ? character : translatePlain(character);
  }
  return out;
}

/** Java's dot stops at one more line end, and its `$` also matches before the last one. */
function translatePlain(character: string): string {
  if (character === '.') return `[^${LINE_END}]`;
  if (character === '$') return `(?=(?:\\r\\n|[${LINE_END}])?(?![^]))`;
  return character;
}

function translateEscape(character: string, isInClass: boolean): string {
  if (character === 's') return isInClass ? ' \\t\\n\\v\\f\\r' : '[ \\t\\n\\v\\f\\r]';
  if (character === 'S') return isInClass ? '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}' : '[^ \\t\\n\\v\\f\\r]';
  if (SHARED_ESCAPES.test(character)) return `\\${character}`;
  if (character === '' || /[A-Za-z]/.test(character)) throw refusal(`the escape \\${character}`);
  const needsEscape = /[\^$\\.*+?()[\]{}|/-]/.test(character) && (character !== '-' || isInClass);
  return needsEscape ? `\\${character}` : character;
}

function refusal(what: string): TemplateRenderError {
  return new TemplateRenderError(`${what} in a regular expression is not run here`);
}

/**
 * Reads the replacement of java.util.regex.Matcher: `$1` is a group, `${name}` a named one, a backslash makes the next
 * character plain.
 *
 * @throws {TemplateRenderError} where Java would throw.
 */
export function javaReplacement(replacement: string): (match: RegExpExecArray) => string {
  const parts = [...replacement.matchAll(/\\([\s\S])|\$([0-9])|\$\{([A-Za-z][A-Za-z0-9]*)\}|([^\\$]+)|([\\$])/gu)];
  if (parts.some((part) => part[5] !== undefined)) throw new TemplateRenderError('Java refuses this replacement text');
  return (match) =>
    parts
      .map((part) => {
        if (part[2] !== undefined) return groupOf(match, Number(part[2]));
        if (part[3] !== undefined) return match.groups?.[part[3]] ?? '';
        return part[1] ?? part[4] ?? '';
      })
      .join('');
}

function groupOf(match: RegExpExecArray, index: number): string {
  if (index >= match.length) throw new TemplateRenderError('the replacement names a group that the pattern has not');
  return match[index] ?? '';
}

/** String.replaceAll, or replaceFirst with `limit` 1. */
export function replaceMatches(
  text: string,
  pattern: string,
  replacement: string,
  limit = Number.POSITIVE_INFINITY,
): string {
  const write = javaReplacement(replacement);
  let out = '';
  let from = 0;
  let count = 0;
  for (const match of matchesOf(text, pattern)) {
    if (count >= limit) break;
    out += text.slice(from, match.index) + write(match);
    from = match.index + match[0].length;
    count += 1;
  }
  return out + text.slice(from);
}

/** String.split(regex): no empty texts at the end, and none at the start for a match of no length. */
export function splitMatches(text: string, pattern: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of matchesOf(text, pattern)) {
    const end = match.index + match[0].length;
    if (end === 0 || (match[0] === '' && match.index >= text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = end;
  }
  parts.push(text.slice(from));
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** Java finds matches of no length even inside a surrogate pair, where JavaScript does not look: then neither is right. */
function matchesOf(text: string, pattern: string): readonly RegExpExecArray[] {
  const matches = [...text.matchAll(javaRegex(pattern))];
  const isInside = matches.some(({ 0: match, index }) => match === '' && index > 0 && index < text.length);
  if (isInside && /[\u{10000}-\u{10ffff}]/u.test(text)) throw refusal('a match of no length beside a surrogate pair');
  return matches;
}
