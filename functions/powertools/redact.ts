import { withoutIdentifiers } from '../adapters/monoova/scrub.ts';

/** Whatever is logged under one of these names is left out, also by a future caller who did not think of it. */
const SECRET_KEYS: ReadonlySet<string> = new Set(
  [
    'accountName',
    'accountNumber',
    'apiKey',
    'authorization',
    'body',
    'bsb',
    'ciphertext',
    'destination',
    'destination_ciphertext',
    'payId',
    'task_token',
    'token',
    'tokens',
  ].map((name) => name.toLowerCase()),
);

/**
 * What names something of ours and may hold long runs of digits: whole ARNs and queue URLs, the places of a stack trace, UUIDs,
 * hashes, times. Everything between them is free text.
 */
const NAMES =
  /arn:aws[\w-]*:[a-z0-9-]{1,30}:[a-z0-9-]{0,30}:\d{12}:[\w:/.+=,-]{1,300}|https:\/\/sqs\.[a-z0-9-]{1,30}\.amazonaws\.com\/\d{12}\/[\w-]{1,80}|(?:file:\/\/|node:)[\w./@-]{1,400}:\d{1,7}:\d{1,7}|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z/g;

const REDACTED = '***';

/** Keys that Powertools itself writes, and our ids: bounded, and no text of anybody else's. */
const ID_KEYS: ReadonlySet<string> = new Set([
  'attempt',
  'execution_arn',
  'function_arn',
  'function_request_id',
  'request_id',
  'timestamp',
  'transaction_id',
  'xray_trace_id',
]);

/**
 * The last line of defence of the log: no line carries an account number, a PayID or an e-mail address, whoever wrote it. It is
 * a replacer for `JSON.stringify`; the first line is that callers pass ids and codes only.
 */
export function redact(key: string, value: unknown): unknown {
  if (SECRET_KEYS.has(key.toLowerCase()) && value !== undefined) return REDACTED;
  if (typeof value !== 'string' || ID_KEYS.has(key)) return value;
  return redactText(value);
}

function redactText(text: string): string {
  const free = text.split(NAMES).map(withoutIdentifiers);
  const names = text.match(NAMES) ?? [];
  return free.map((piece, index) => piece + (names[index] ?? '')).join('');
}
