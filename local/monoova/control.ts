import { type Behaviour, behaviourNamed } from './behaviours.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { JSON_HEADERS, type Reply } from './reply.ts';
import { ROUTE_NAMES, type RouteName } from './routes.ts';
import type { ScriptableRequest, ScriptOptions } from './scripts.ts';
import type { Simulator } from './simulator.ts';

export const CONTROL_PREFIX = '/_simulator/';

const MATCH_FIELDS = ['uniqueReference', 'payId', 'accountNumber', 'amountCents'] as const;
const BEHAVIOUR_FIELDS = new Set<string>([
  'take',
  'takeAfterMs',
  'outcome',
  'settleAfterMs',
  'settleBeforeAnswer',
  'reason',
  'answer',
  'answerDelayMs',
  'returns',
  'webhooks',
] satisfies (keyof Behaviour)[]);

type ControlRequest = {
  readonly method: string;
  readonly url: string;
  readonly contentType: string | undefined;
  readonly bodyText: string;
};

/** The simulator's own surface for a person or another process. Monoova has nothing like it. */
export function control(simulator: Simulator, request: ControlRequest): Reply {
  const path = request.url.split('?')[0];
  if (request.method === 'GET' && path === '/_simulator/payments') return reply(200, simulator.payments());
  if (request.method === 'GET' && path === '/_simulator/requests') return reply(200, simulator.requests());
  if (request.method === 'GET' && path === '/_simulator/webhooks') return reply(200, simulator.webhooks());
  if (request.method === 'POST' && path === '/_simulator/script') return addScript(simulator, request);
  return reply(404, { error: 'There is GET payments, requests and webhooks, and POST script' });
}

function addScript(simulator: Simulator, request: ControlRequest): Reply {
  try {
    const { matcher, behaviour, options } = readScript(readJson(request));
    simulator.script(matcher, behaviour, options);
    return reply(200, { added: true });
  } catch (error) {
    if (error instanceof RangeError) return reply(400, { error: error.message });
    throw error;
  }
}

/** A page in a browser cannot send this content type to another origin without being asked first, and it is refused then. */
function readJson({ contentType, bodyText }: ControlRequest): JsonObject {
  try {
    const json: JsonValue = contentType?.startsWith('application/json') ? JSON.parse(bodyText) : null;
    if (isJsonObject(json)) return json;
  } catch (error) {
    throw new RangeError('The body is not JSON', { cause: error });
  }
  throw new RangeError('The body must be a JSON object, sent as application/json');
}

/** `{"match": {"uniqueReference"|"payId"|"accountNumber"|"amountCents": …}, "behaviour": NAME|{…}, "on"?: ROUTE, "times"?: N}` */
function readScript(json: JsonObject) {
  return {
    matcher: readMatch(json['match']),
    behaviour: readBehaviour(json['behaviour']),
    options: { ...readOn(json['on']), ...readTimes(json['times']) } satisfies ScriptOptions,
  };
}

function readMatch(match: JsonValue | undefined): (request: ScriptableRequest) => boolean {
  if (match === undefined) return () => true;
  if (!isJsonObject(match)) throw new RangeError('match must be an object');
  const known: readonly string[] = MATCH_FIELDS;
  const unknown = Object.keys(match).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new RangeError(`match knows ${MATCH_FIELDS.join(', ')}; not ${unknown.join(', ')}`);
  return (request) => MATCH_FIELDS.every((field) => match[field] === undefined || match[field] === request[field]);
}

function readBehaviour(value: JsonValue | undefined): Behaviour {
  if (typeof value === 'string') {
    const named = behaviourNamed(value);
    if (!named) throw new RangeError(`No behaviour is called ${value}`);
    return named;
  }
  if (!isJsonObject(value)) throw new RangeError('behaviour must be a name or an object');
  const unknown = Object.keys(value).filter((field) => !BEHAVIOUR_FIELDS.has(field));
  if (unknown.length > 0)
    throw new RangeError(`behaviour knows ${[...BEHAVIOUR_FIELDS].join(', ')}; not ${unknown.join(', ')}`);
  // Only the fields' names are checked: this surface is for developers, and a wrong value fails the request it is used on.
  return value as Behaviour;
}

function readOn(value: JsonValue | undefined): { on?: RouteName } {
  if (value === undefined) return {};
  if (typeof value !== 'string' || !ROUTE_NAMES.has(value))
    throw new RangeError(`on must be one of ${[...ROUTE_NAMES].join(', ')}`);
  return { on: value as RouteName };
}

function readTimes(value: JsonValue | undefined): { times?: number } {
  if (value === undefined) return {};
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw new RangeError('times must be a whole number from 1');
  return { times: value };
}

function reply(httpStatus: number, value: unknown): Reply {
  return { kind: 'whole', httpStatus, headers: JSON_HEADERS, body: JSON.stringify(value) };
}
