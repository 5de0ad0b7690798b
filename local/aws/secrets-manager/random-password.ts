import { randomInt } from 'node:crypto';

const UPPERCASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const NUMBERS = '0123456789';
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export type PasswordOptions = {
  /** 1 to 4096 characters. */
  readonly length: number;
  readonly excludeCharacters: string;
  readonly excludeUppercase: boolean;
  readonly excludeLowercase: boolean;
  readonly excludeNumbers: boolean;
  readonly excludePunctuation: boolean;
  readonly includeSpace: boolean;
  /** At least one character of each kind that is not excluded. */
  readonly requireEachIncludedType: boolean;
};

/** @throws {RangeError} when the exclusions leave no character, or the length is too short to hold one of each kind */
export function randomPassword(options: PasswordOptions): string {
  const kinds = kindsOf(options);
  const alphabet = kinds.join('');
  const required = options.requireEachIncludedType ? kinds : [];
  if (alphabet === '') throw new RangeError('a generated secret has no characters to choose from');
  if (options.length < required.length) throw new RangeError('a generated secret is too short for its kinds');
  const chosen = required.map(pick);
  while (chosen.length < options.length) chosen.push(pick(alphabet));
  return shuffled(chosen).join('');
}

function kindsOf(options: PasswordOptions): string[] {
  const kinds = [
    options.excludeUppercase ? '' : UPPERCASE,
    options.excludeLowercase ? '' : LOWERCASE,
    options.excludeNumbers ? '' : NUMBERS,
    options.excludePunctuation ? '' : PUNCTUATION,
    options.includeSpace ? ' ' : '',
  ];
  const without = (kind: string) =>
    kind
      .split('')
      .filter((char) => !options.excludeCharacters.includes(char))
      .join('');
  return kinds.map(without).filter((kind) => kind !== '');
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}

function shuffled(chars: readonly string[]): string[] {
  const rest = [...chars];
  return chars.map(() => rest.splice(randomInt(rest.length), 1).join(''));
}
