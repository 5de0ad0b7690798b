import { TEXTS } from './templates.ts';

/** A request and what its integration came back with. Each template sees the half that is its own. */
export type ExchangeCase = {
  /** For a failing test's message. */
  readonly label: string;
  /** As they came, in order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly requestBody: string;
  readonly userArn: string;
  readonly resultBody: string;
};

const USER_ARN = 'arn:aws:sts::000000000000:assumed-role/caller/local';

const LONG = `"'\\ $x \${x} $!x #if(true) #end ## @@,@@ é 💸\r\n`.repeat(320);

/** What leaves its field where a field can be left, in a body, a header, a name or an answer. */
const HOSTILE: readonly string[] = [
  ...TEXTS,
  '"',
  "'",
  '\\',
  '\\"',
  '$',
  '$x',
  '$!x',
  '${x}',
  '$input.body',
  '$context.responseOverride.status',
  '#set($context.responseOverride.status = 200)',
  '#if(true)',
  '#if(',
  '#end',
  '#stop',
  '##',
  '#*',
  '*#',
  '#[[',
  '@@',
  '@OutcomeUnknownProblem@',
  '\r\n',
  '\t',
  '\0',
  'é',
  '💸',
  '\u2028\u2029',
  'Throttling',
  'true',
  'null',
  '0',
  LONG,
];

/** API Gateway hands a user's ARN over with its path, which may hold any printable character of ASCII. */
const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');

export const CASES: readonly ExchangeCase[] = [
  ...HOSTILE.flatMap((text) => [everywhere(text), refusedSaying(text), failedSaying(text)]),
  ...keySpellings(),
  ...results(),
  exchange('a caller with every character', { userArn: `arn:aws:iam::000000000000:user/${PRINTABLE}/name` }),
  exchange('a caller with every character but one', {
    userArn: `arn:aws:iam::000000000000:user/${PRINTABLE.replace("'", '')}/name`,
  }),
];

/** What Step Functions answers to StartSyncExecution when the execution ended with this answer of ours. */
function succeeded(body: string, headers: Readonly<Record<string, string>>, statusCode = 202): string {
  return execution('SUCCEEDED', { output: JSON.stringify({ statusCode, headers, body }) });
}

function execution(status: string, more: Readonly<Record<string, unknown>>): string {
  const executionArn = 'arn:aws:states:ap-southeast-2:000000000000:express:submission:1:2';
  return JSON.stringify({
    executionArn,
    status,
    startDate: 1.7e9,
    billingDetails: { billedMemoryUsedInMB: 64 },
    ...more,
  });
}

function exchange(label: string, more: Partial<ExchangeCase>): ExchangeCase {
  const resultBody = succeeded('{}', { 'Content-Type': 'application/json' });
  return { label, headers: [], requestBody: '{}', userArn: USER_ARN, resultBody, ...more };
}

function everywhere(text: string): ExchangeCase {
  const answerHeaders = { 'Content-Type': text, Location: text, 'Idempotent-Replayed': text };
  return exchange(`everywhere: ${named(text)}`, {
    headers: [
      ['Idempotency-Key', text],
      ['Origin', text],
      [`X-${text}`, text],
    ],
    requestBody: text,
    resultBody: succeeded(text, answerHeaders),
  });
}

function refusedSaying(text: string): ExchangeCase {
  const requestBody = JSON.stringify({ customer_id: text, description: `${text}"${text}`, [text]: [text] });
  const resultBody = JSON.stringify({ __type: `com.amazonaws.swf.service.v2.model#${text}`, message: text });
  return exchange(`refused saying ${named(text)}`, { requestBody, resultBody });
}

function failedSaying(text: string): ExchangeCase {
  const resultBody = execution('FAILED', { error: text, cause: `{"errorMessage":"${text}"}`, output: null });
  return exchange(`failed saying ${named(text)}`, { headers: [[text, 'Idempotency-Key']], resultBody });
}

function named(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}

function keySpellings(): ExchangeCase[] {
  const lists: (readonly (readonly [string, string])[])[] = [
    [['idempotency-key', 'k1']],
    [['IDEMPOTENCY-KEY', 'k1']],
    [
      ['idempotency-key', 'k1'],
      ['Idempotency-Key', 'k2'],
      ['iDEMPOTENCY-kEY', '","'],
    ],
    [
      ['Idempotency-Key', 'k1'],
      ['Accept', '*/*'],
      ['Idempotency-Key', 'k1, k2'],
      ['idempotency-key', ''],
    ],
    [
      ['Idempotency-Key', ''],
      ['Idempotency-Key', ''],
    ],
    // A Kelvin sign is a k in small letters, in Java as here, and a dotted I is not an i.
    [
      ['Idempotency-\u212aey', 'kelvin'],
      ['\u0130dempotency-Key', 'dotted'],
    ],
    [
      ['Idempotency-Key ', 'k1'],
      ['Idempotency_Key', 'k2'],
      ['X-Idempotency-Key', 'k3'],
    ],
    [
      ['__proto__', 'x'],
      ['constructor', 'x'],
      ['size', 'x'],
      ['class', 'x'],
      ['Idempotency-Key', '__proto__'],
    ],
  ];
  return lists.map((headers) => exchange(`keys ${JSON.stringify(headers)}`, { headers }));
}

function results(): ExchangeCase[] {
  const type = { 'Content-Type': 'application/problem+json' };
  const problem = '{"code":"declined","detail":"$5 #1 \\"no\\""}';
  const bodies: Record<string, string> = {
    'timed out': execution('TIMED_OUT', { output: null, error: null, cause: null }),
    'timed out without output': execution('TIMED_OUT', {}),
    failed: execution('FAILED', { error: 'Lambda.Unknown', cause: 'x', output: null }),
    'still running': execution('RUNNING', {}),
    'in small letters': execution('succeeded', { output: '{}' }),
    'no Location, no replay': succeeded(problem, type, 422),
    'empty Location and replay': succeeded(problem, { ...type, Location: '', 'Idempotent-Replayed': '' }, 400),
    'a replay': succeeded('{}', { ...type, Location: '/dev/payouts/txn-1', 'Idempotent-Replayed': 'true' }),
    'other header spellings': succeeded('{}', { ...type, location: '/x', 'idempotent-replayed': 'true' }),
    'other headers': succeeded('{}', { ...type, 'X-Other': '1', status: '2' }, 503),
    'output that is no JSON': execution('SUCCEEDED', { output: '{"statusCode":' }),
    throttled: '{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}',
    'throttled, spaced': ' {\r\n"__type" :\t"ThrottlingException"}\n',
    'throttling in small letters': '{"__type":"throttling"}',
    'no such machine': '{"__type":"StateMachineDoesNotExist","message":"Throttling"}',
    'access denied': '{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::1 is not authorised"}',
    'no type': '{"message":"Throttling"}',
    'a null type': '{"__type":null}',
    'escapes in the type': '{"__type":"\\u0054hrottling\\n\\"\\/\\\\\\ud83d\\udcb8"}',
    'a type twice': '{"__type":"x","__type":"ThrottlingException"}',
    'numbers of all sizes': '{"status":1e400,"x":123456789012345678901234567890,"y":-0.0}',
    'no body': '',
    'a list': '["SUCCEEDED"]',
    'a text': '"SUCCEEDED"',
    'a page': '<html>Throttling</html>',
    'two values': '{} {}',
    'a trailing comma': '{"__type":"x",}',
  };
  return Object.entries(bodies).map(([label, resultBody]) => exchange(label, { resultBody }));
}
