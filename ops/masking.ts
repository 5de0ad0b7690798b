/** JSON as it is shown to an operator. */
export type Shown = null | boolean | number | string | readonly Shown[] | { readonly [key: string]: Shown };

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ARN = 'arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[^\\s"\',)]+';
const INSTANT = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})';
/** Longer than any name or sentence's word: a ciphertext, a token, a signature. */
const OPAQUE = '[A-Za-z0-9+/_=-]{80,}';
const EMAIL = '[^\\s"\'<>@]+@[^\\s"\'<>@]+';
/** Five digits or more, also where single spaces or hyphens stand between them, as in account numbers, BSBs and phone numbers. */
const DIGITS = '[0-9](?:[ -]?[0-9]){4,}';

/** What may stand as it is comes first, so that the digits within an id are not taken for an account's. */
const PARTS = new RegExp(
  `(?<kept>${UUID}|${ARN}|${INSTANT})|(?<opaque>${OPAQUE})|(?<email>${EMAIL})|(?<digits>${DIGITS})`,
  'gi',
);

/**
 * Free text without what could be a destination: long digit runs, e-mail addresses, ciphertext. Identifiers (UUIDs, ARNs, times)
 * stay. Texts are scrubbed before they are stored as well; this is the second net, and it cannot know a name or an account of
 * letters when it sees one.
 */
export function scrub(text: string): string {
  return text.replace(PARTS, (...args) => {
    const groups = args.at(-1) as Partial<Record<'kept' | 'opaque' | 'email' | 'digits', string>>;
    if (groups.kept !== undefined) return groups.kept;
    if (groups.opaque !== undefined) return hidden('ciphertext', groups.opaque);
    return groups.email === undefined ? '•••••' : '(e-mail)';
  });
}

/** Numbers that are known to be no account; any other of five digits or more is hidden. */
const PLAIN_NUMBERS: readonly string[] = [
  'amount',
  'amount_cents',
  'monoova_transaction_id',
  'posts',
  'returned_cents',
  'resends',
  'revision',
  'statusCode',
  'timeoutInSeconds',
  'waits_begun',
];
/** DynamoDB's wrappings: what is inside has the name of what is outside. */
const WRAPPINGS: readonly string[] = ['S', 'N', 'BOOL', 'NULL', 'L', 'M'];

/** Deeper than any state's data; below it nothing is shown. */
const DEPTH_MAX = 20;

/**
 * Data of an execution as an operator may see it: ciphertext as its length, tokens and encoded bodies never, free text scrubbed,
 * JSON within strings opened. A second net as well: states carry ciphertext and masks only.
 */
export function masked(value: unknown, field = '', depth = 0): Shown {
  if (depth > DEPTH_MAX) return '(too deep)';
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number') return maskedNumber(value, field);
  if (typeof value === 'string') return maskedText(value, field, depth);
  if (Array.isArray(value)) return value.map((item) => masked(item, field, depth + 1));
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = WRAPPINGS.includes(key) ? field : key;
    return [scrub(key), masked(inner, name, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}

function maskedNumber(value: number, field: string): Shown {
  return Math.abs(value) < 10_000 || PLAIN_NUMBERS.includes(field) ? value : '•••••';
}

function maskedText(text: string, field: string, depth: number): Shown {
  if (/token/i.test(field)) return '(token)';
  if (/ciphertext/i.test(field)) return hidden('ciphertext', text);
  if (/base64/i.test(field)) return hidden('encoded', text);
  if (PLAIN_NUMBERS.includes(field) && /^[0-9]{1,15}$/.test(text)) return text;
  const json = parsedObject(text);
  return json === undefined ? scrub(text) : masked(json, field, depth + 1);
}

function parsedObject(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function hidden(kind: string, text: string): string {
  return `(${kind}, ${text.length} characters)`;
}
