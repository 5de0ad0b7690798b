import type { IncomingHttpHeaders } from 'node:http';
import { parseAmount } from './amount.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { parseRequestBody } from './request-body.ts';
import type { Route } from './routes.ts';
import type { ScriptableRequest } from './scripts.ts';

/** A request to one of Monoova's endpoints, read whole. */
export type Incoming = {
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly bodyText: string;
  /** The body's JSON object with amounts as text; undefined when it is none or was not sent as JSON. */
  readonly json: JsonObject | undefined;
  /** As the request gives it, not yet validated; null where it gives none. */
  readonly uniqueReference: string | null;
  readonly receivedAtMs: number;
};

const JSON_CONTENT_TYPE = /^application\/json\s*(?:;|$)/i;

export function readIncoming(request: {
  route: Route;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  bodyText: string;
  receivedAtMs: number;
}): Incoming {
  const isJson = JSON_CONTENT_TYPE.test(request.headers['content-type'] ?? '');
  const json = isJson ? parseRequestBody(request.bodyText) : undefined;
  const inPath = request.route.name === 'status' ? request.route.parameters[0] : undefined;
  return { ...request, json, uniqueReference: inPath ?? textOf(json, 'uniqueReference') };
}

/** What scripts may match on, read leniently: the request need not be valid. */
export function scriptable(incoming: Incoming): ScriptableRequest {
  const disbursements = incoming.json?.['disbursements'];
  const first = Array.isArray(disbursements) ? disbursements[0] : undefined;
  const disbursement = isJsonObject(first) ? first : undefined;
  const amount = parseAmount(textOf(disbursement, 'amount') ?? '');
  return {
    route: incoming.route.name,
    uniqueReference: incoming.uniqueReference,
    amountCents: amount.kind === 'cents' ? amount.cents : null,
    payId: textOf(objectOf(disbursement, 'toNppCreditPayIdDetails'), 'payId'),
    accountNumber: textOf(objectOf(disbursement, 'toNppCreditBankAccountDetails'), 'accountNumber'),
  };
}

function textOf(object: JsonObject | undefined, key: string): string | null {
  const value = object?.[key];
  return typeof value === 'string' ? value : null;
}

function objectOf(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isJsonObject(value) ? value : undefined;
}
