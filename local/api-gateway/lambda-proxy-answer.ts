import { type Answer, answerOf } from './answer.ts';
import { internalServerError } from './gateway-fault.ts';

const MEMBERS = ['isBase64Encoded', 'statusCode', 'headers', 'multiValueHeaders', 'body'];

/**
 * Reads a function's answer. No member is required and no other is allowed; header values are texts or booleans. Recorded on
 * AWS by the tests of github.com/localstack/localstack (test_aws_proxy_response_payload_format_validation).
 *
 * @param isBinaryWanted whether the client accepts one of the API's binary types: only then is base64 decoded
 * @throws {GatewayFault} 502 for any other form
 */
export function proxyAnswer(payload: string, isBinaryWanted: boolean): Answer {
  const answer = readAnswer(payload);
  const { body = '', isBase64Encoded, statusCode = 200 } = answer;
  const status = Number(statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed('its statusCode');
  if (body !== null && typeof body !== 'string') throw malformed('its body');
  const encoding = isBinaryWanted && isBase64Encoded === true ? 'base64' : 'utf8';
  const headers = [['Content-Type', ['application/json']] as const, ...mergedHeaders(answer)];
  return answerOf(status, headers, Buffer.from(body ?? '', encoding));
}

function readAnswer(payload: string): Record<string, unknown> {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    throw malformed('not JSON');
  }
  if (!isRecord(answer)) throw malformed('not an object');
  const other = Object.keys(answer).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) throw malformed(`the member ${other}`);
  return answer;
}

/** `multiValueHeaders` first, then `headers`, under the spelling of the former; the same pair in both counts once. */
function mergedHeaders({ headers, multiValueHeaders }: Record<string, unknown>): [string, string[]][] {
  const merged = new Map<string, [string, string[]]>();
  for (const [name, values] of Object.entries(recordOf(multiValueHeaders))) {
    if (!Array.isArray(values)) throw malformed(`the header ${name}`);
    merged.set(name.toLowerCase(), [name, values.map((value) => headerText(name, value))]);
  }
  for (const [name, value] of Object.entries(recordOf(headers))) {
    const text = headerText(name, value);
    const known = merged.get(name.toLowerCase());
    if (!known) merged.set(name.toLowerCase(), [name, [text]]);
    else if (!known[1].includes(text)) known[1].push(text);
  }
  return [...merged.values()];
}

function recordOf(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return value;
  throw malformed('its headers');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headerText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  throw malformed(`the header ${name}`);
}

function malformed(what: string) {
  return internalServerError(new Error(`malformed Lambda proxy response: ${what}`), 502);
}
