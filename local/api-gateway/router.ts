import type { ApiDefinition, ApiResource } from './definition.ts';
import type { Method } from './definition-method.ts';

export type Route = {
  readonly resource: ApiResource;
  readonly method: Method;
  /** Decoded once. A greedy parameter holds all that is left of the path, without the slash before it. */
  readonly pathParameters: Readonly<Record<string, string>>;
};

/**
 * Finds the method for a request. As in API Gateway a fixed segment goes before `{name}`, and that before `{name+}`; a slash at
 * the end does not count; the method itself goes before ANY. Whether API Gateway falls back to a greedy resource when the
 * better matching one lacks the method is not documented; here it does not (assumption).
 *
 * @param path without the stage, percent-encoded, beginning with a slash
 * @throws {URIError} for a path parameter that is not valid percent-encoding
 */
export function findRoute(api: ApiDefinition, httpMethod: string, path: string): Route | undefined {
  const segments = path.replace(/\/$/, '').split('/').slice(1);
  const matches = api.resources.flatMap((resource) => {
    const pattern = resource.path === '/' ? [] : resource.path.split('/').slice(1);
    const match = matchSegments(pattern, segments);
    return match ? [{ resource, ...match }] : [];
  });
  const [best] = matches.toSorted((one, other) => (one.rank < other.rank ? -1 : 1));
  const method = best?.resource.methods.get(httpMethod) ?? best?.resource.methods.get('ANY');
  if (!best || !method) return undefined;
  const decoded = Object.entries(best.captured).map(([name, value]) => [name, decodeURIComponent(value)]);
  return { resource: best.resource, method, pathParameters: Object.fromEntries(decoded) };
}

/** `rank` sorts the most particular resource first: one letter a segment, a fixed, b one parameter, c greedy. */
function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): { rank: string; captured: Record<string, string> } | undefined {
  const captured: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    const name = /^\{(.+?)(\+?)\}$/.exec(part);
    if (name?.[1] && name[2]) {
      const rest = segments.slice(index).join('/');
      return rest === '' ? undefined : { rank: `${rank}c`, captured: { ...captured, [name[1]]: rest } };
    }
    if (name?.[1] ? segment === '' : part !== segment) return undefined;
    if (name?.[1]) captured[name[1]] = segment;
    rank += name?.[1] ? 'b' : 'a';
  }
  return pattern.length === segments.length ? { rank, captured } : undefined;
}
