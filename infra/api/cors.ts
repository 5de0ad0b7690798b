import type { Stage } from '../stages.ts';

/** What a browser lets a page read of an answer, beside its body. */
const EXPOSED = 'Idempotent-Replayed, Location, Retry-After';

/**
 * The headers with which every answer of the API, also one of the gateway's own, lets pages of the stage's origin read it; none where no
 * page may. The origin is a constant and no echo of the request's: any other page sees that it is not meant (Fetch standard, CORS check).
 */
export function corsHeaders({ corsOrigin }: Pick<Stage, 'corsOrigin'>): Record<string, string> {
  if (corsOrigin === null) return {};
  return { 'Access-Control-Allow-Origin': new URL(corsOrigin).origin, 'Access-Control-Expose-Headers': EXPOSED };
}

/** As parameters of an integration's response, whose values are constants in quotes. */
export function asResponseParameters(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
  );
}

/** As a method declares the headers that its answers may have. */
export function asDeclared(names: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [`method.response.header.${name}`, true]));
}
