import type { JsonObject } from '../json.ts';
import { parseObject, type WireAnswer, type WireCall } from './json-protocol.ts';
import type { RestRoute } from './rest-route.ts';
import type { SignedRequest } from './sigv4.ts';
import { AwsError } from './wire.ts';

/**
 * AWS REST JSON (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html), which Lambda and API Gateway speak: method and
 * path name the action; path, query and body together are the input.
 *
 * @throws {AwsError} UnknownOperationException or SerializationException
 */
export function parseRestCall(routes: readonly RestRoute[], request: SignedRequest): WireCall & { route: RestRoute } {
  const { pathname, searchParams } = new URL(request.path, 'http://localhost');
  for (const route of routes.filter(({ method }) => method === request.method)) {
    const inPath = matched(route.path, pathname);
    if (!inPath) continue;
    const inBody = route.payload === undefined ? parseObject(request.body) : { [route.payload]: textOf(request.body) };
    return { route, action: route.action, input: { ...inBody, ...Object.fromEntries(searchParams), ...inPath } };
  }
  throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not run here`, { statusCode: 404 });
}

export function renderRestAnswer({ payload, headers = {} }: RestRoute, output: JsonObject): WireAnswer {
  const inHeaders = Object.entries(headers).flatMap(([header, member]) => {
    const value = output[member];
    return value === undefined ? [] : [[header, String(value)] as const];
  });
  const body = payload === undefined ? JSON.stringify(output) : String(output[payload] ?? '');
  return { statusCode: 200, headers: { ...Object.fromEntries(inHeaders), 'content-type': 'application/json' }, body };
}

/** What stands in the path, decoded; undefined for another path. */
function matched(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const members: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && part !== value) return undefined;
    if (name !== undefined) members[name] = value;
  }
  return members;
}

function textOf(body: Buffer): string {
  return body.toString('utf8');
}
