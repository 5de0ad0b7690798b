/**
 * Takes out of free text what must never be seen. Monoova quotes what it was sent ("Account Number '5665333334983' is not
 * a valid bank account number", observed), so its words are scrubbed before they reach a record, a log or an answer.
 */

/** What a fact holds (domain/fact.ts). */
const SCRUBBED_MAX_CHARACTERS = 140;
/** Monoova's longest text, RejectionReasonDescription, holds 1000; what is longer is no sentence. */
const INPUT_MAX_CHARACTERS = 4_000;
const REMOVED = '***';

/** What people put between the digits of a number: at most three of them count as one separation. */
const BETWEEN = '[\\s\\p{Pd}./,()+_:]{0,3}';
/** Five digits or more, which is every account number but the shortest, every BSB, ABN, ACN and phone number. */
const LONG_NUMBER = new RegExp(`\\p{Nd}(?:${BETWEEN}\\p{Nd}){4,}`, 'gu');
const EMAIL = /[^\s@<>"',;]{1,256}@[^\s@<>"',;]{1,256}/gu;
const WORD = /[\p{L}\p{N}]+/gu;
/** A shorter secret would strike out parts of ordinary words, so it counts only where it stands alone. */
const FREE_STANDING_MAX_CHARACTERS = 3;

/**
 * Text that can be stored and shown: without the `secrets` (in any letter case, with or without separators, whole or a word of
 * them), without runs of five digits or more, without e-mail addresses, in one line of at most 140 characters.
 */
export function scrub(text: string, secrets: readonly string[] = []): string {
  if (text.length > INPUT_MAX_CHARACTERS) return `(${text.length} characters left out)`;
  const plain = plainOf(text);
  const patterns = [...secrets.flatMap(wholeOf), ...secrets.flatMap(wordsOf)];
  const known = patterns.reduce((rest, pattern) => rest.replace(pattern, REMOVED), plain);
  const scrubbed = withoutIdentifiers(known)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .normalize('NFC');
  return cut(scrubbed);
}

/** Free text without e-mail addresses and without runs of five digits or more, also where they are spaced out. */
export function withoutIdentifiers(text: string): string {
  return text.replace(EMAIL, REMOVED).replace(LONG_NUMBER, REMOVED);
}

/** One spelling of each character: no ligatures, wide digits, accents or invisible characters to hide behind. */
function plainOf(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '');
}

/** However it is separated; one without any letter or digit only as it is. */
function wholeOf(secret: string): RegExp[] {
  const words = plainOf(secret).match(WORD) ?? [];
  if (words.length > 0) return [patternOf(words.join(''))];
  return secret.trim() === '' ? [] : [new RegExp(escaped(plainOf(secret).trim()), 'gu')];
}

/** A bank that is told "Jane Citizen" may answer "J CITIZEN". */
function wordsOf(secret: string): RegExp[] {
  const words = plainOf(secret).match(WORD) ?? [];
  return words.length > 1 ? words.map(patternOf) : [];
}

/** Digits at its sides belong to it: what is left of a longer number would still be a part of it. */
function patternOf(word: string): RegExp {
  const spaced = Array.from(word).map(escaped).join('[^\\p{L}\\p{N}]{0,3}');
  const isShort = word.length <= FREE_STANDING_MAX_CHARACTERS;
  const pattern = isShort ? `(?<![\\p{L}\\p{N}])${spaced}(?![\\p{L}\\p{N}])` : `\\p{N}{0,30}${spaced}\\p{N}{0,30}`;
  return new RegExp(pattern, 'giu');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

function cut(text: string): string {
  const characters = Array.from(text);
  if (text.length <= SCRUBBED_MAX_CHARACTERS) return text;
  let kept = '';
  for (const character of characters) {
    if (kept.length + character.length > SCRUBBED_MAX_CHARACTERS - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
