import type { JsonObject, JsonValue } from '../json.ts';
import type { WireAnswer, WireCall } from './json-protocol.ts';
import { AwsError } from './wire.ts';

/** Of each service that speaks it, by the name in a SigV4 scope. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['sns', 'http://sns.amazonaws.com/doc/2010-03-31/'],
  ['sts', 'https://sts.amazonaws.com/doc/2011-06-15/'],
]);
const DEPTH_MAX = 8;
const PARAMETERS_MAX = 2_000;

/** In XML a map and a structure look alike in JSON; these members of SNS are maps. */
const MAPS: ReadonlySet<string> = new Set(['Attributes', 'MessageAttributes']);

/**
 * AWS Query (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html), which SNS and STS still speak here: form
 * parameters such as `MessageAttributes.entry.1.Name=n`, where `member.N` makes a list and `entry.N` a map.
 *
 * @throws {AwsError} SerializationException or InvalidAction
 */
export function parseQueryCall(body: Buffer): WireCall {
  const parameters = [...new URLSearchParams(body.toString('utf8'))];
  if (parameters.length > PARAMETERS_MAX) throw new AwsError('SerializationException', 'too many parameters');
  const tree: Tree = new Map();
  for (const [path, value] of parameters) place(tree, path.split('.'), value);
  const { Action: action, Version: _version, ...input } = objectOf(tree);
  if (typeof action !== 'string' || action === '') throw new AwsError('InvalidAction', 'Action is missing');
  return { action, input };
}

type Tree = Map<string, string | Tree>;

function place(tree: Tree, path: readonly string[], value: string): void {
  if (path.length > DEPTH_MAX) throw new AwsError('SerializationException', 'a parameter is nested too deeply');
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(name, value);
    return;
  }
  const known = tree.get(name);
  const branch: Tree = known instanceof Map ? known : new Map();
  tree.set(name, branch);
  place(branch, rest, value);
}

function toJson(node: string | Tree): JsonValue {
  if (typeof node === 'string') return node;
  const members = node.get('member');
  if (members instanceof Map) return numbered(members).map(toJson);
  const entries = node.get('entry');
  if (entries instanceof Map) return mapOf(numbered(entries));
  return objectOf(node);
}

function objectOf(tree: Tree): JsonObject {
  return Object.fromEntries([...tree].map(([name, node]) => [name, toJson(node)]));
}

function numbered(tree: Tree): (string | Tree)[] {
  return [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node);
}

/** SNS names a map's parts `Name` and `Value` in requests of MessageAttributes, `key` and `value` elsewhere. */
function mapOf(entries: readonly (string | Tree)[]): JsonObject {
  const pairs: [string, JsonValue][] = [];
  for (const entry of entries) {
    if (typeof entry === 'string') continue;
    const name = entry.get('Name') ?? entry.get('key');
    const value = entry.get('Value') ?? entry.get('value');
    if (typeof name === 'string' && value !== undefined) pairs.push([name, toJson(value)]);
  }
  return Object.fromEntries(pairs);
}

/** `service` is the name in a SigV4 scope. */
export type QueryCall = { readonly service: string; readonly requestId: string };

export function renderQueryAnswer(action: string, output: JsonObject, { service, requestId }: QueryCall): WireAnswer {
  const result = `<${action}Result>${members(output)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const body = `<${action}Response xmlns="${NAMESPACES.get(service) ?? ''}">${result}${metadata}</${action}Response>`;
  return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body };
}

export function renderQueryError(error: AwsError, { service, requestId }: QueryCall): WireAnswer {
  const type = error.statusCode < 500 ? 'Sender' : 'Receiver';
  const code = escapeXml(error.queryCode ?? error.code);
  const detail = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
  const body = `<ErrorResponse xmlns="${NAMESPACES.get(service) ?? ''}">${detail}<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { statusCode: error.statusCode, headers: { 'content-type': 'text/xml' }, body };
}

function members(object: JsonObject): string {
  return Object.entries(object)
    .map(([name, value]) => `<${name}>${render(name, value)}</${name}>`)
    .join('');
}

function render(name: string, value: JsonValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => `<member>${render('', item)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  if (!MAPS.has(name)) return members(value);
  return Object.entries(value)
    .map(([key, item]) => `<entry><key>${escapeXml(key)}</key><value>${render('', item)}</value></entry>`)
    .join('');
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => XML_ESCAPES[char] ?? char);
}
