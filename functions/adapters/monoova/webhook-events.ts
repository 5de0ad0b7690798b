import { hasOurForm } from '../../../domain/reference.ts';
import { kindOfStatus, readFact, remainsOf, type Understood } from './webhook-facts.ts';
import { type Fields, fieldsOf, isSaid, type Read, referenceIn } from './webhook-fields.ts';
import { inboundByFields, type Named, type PayoutEvent, readName } from './webhook-names.ts';

type Told = {
  /** The last part of the path. Nobody has signed it. */
  readonly eventName?: string | undefined;
  readonly observedAt: string;
};

type Json = Readonly<Record<string, unknown>>;

/** Monoova's largest event about one payout stays below 4 kB, by the lengths of its fields. */
const BODY_BYTES_MAX = 64 * 1024;
const DISAGREE = 'the event that is named is not the one that the fields are of';
const NOT_ITS_FIELDS = 'the fields are not those of the event that is named';

/**
 * Reads the raw body of a proven webhook. The signed fields alone decide what it says; the path and the body's `eventName`, which
 * Monoova does not send by default, may only agree with them. Fields that are not read here are left alone: "we recommend not
 * validating the entire schema" (OpenAPI v5.29, introduction). Pure, and throws for nothing.
 */
export function understandWebhook(body: Buffer, told: Told): Understood {
  const path = told.eventName === undefined ? [] : [readName(told.eventName)];
  if (body.length > BODY_BYTES_MAX) return withoutFields(path, 'the body is larger than 64 kB');
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null) return withoutFields(path, 'the body is no JSON object');
  // Monoova sends lists of rejected receipts, and nothing about payouts in lists.
  if (Array.isArray(json)) return another(path, {}) ?? withoutFields(path, 'the body is a list');
  return understandFields(json as Json, path, told.observedAt);
}

/** Decoding is lenient: a payee's name in another charset must not cost us the status of a payment. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function understandFields(json: Json, path: readonly Named[], observedAt: string): Understood {
  const inside = Object.hasOwn(json, 'eventName') ? (json['eventName'] ?? undefined) : undefined;
  const names = inside === undefined ? path : [...path, readName(inside)];
  const fields = fieldsOf(json);
  const event = eventOf(fields.read);
  if (event === undefined) return another(names, json, fields) ?? unclear(names, fields);
  const understood = readFact(event, fields, observedAt);
  const isAgreed = understood.kind === 'inbound' || names.every((name) => name.event === event);
  return isAgreed ? understood : misnamed(event, fields);
}

/**
 * The event whose fields are there, by those that it alone has and that are not empty. The fields of two events together are none's.
 */
function eventOf(read: Read): PayoutEvent | undefined {
  const isThere = (name: Parameters<Read>[0]) => isSaid(read(name));
  const status = read('Status');
  const found: PayoutEvent[] = [];
  if (isThere('OriginalTransactionId') || isThere('TransactionReference')) found.push('DirectEntryDishonour');
  else if (isThere('ReturnTransactionId') || (isThere('UniqueReference') && isReturn(isThere))) found.push('NppReturn');
  if ((isSaid(status) && isThere('UniqueReference')) || kindOfStatus(status)) found.push('NppPaymentStatus');
  return found.length === 1 ? found[0] : undefined;
}

function isReturn(isThere: (name: 'ReturnDate' | 'ReturnReason') => boolean): boolean {
  return isThere('ReturnDate') || isThere('ReturnReason');
}

/** An event that is not about payouts; undefined where it may be about one. */
function another(names: readonly Named[], json: Json, fields?: Fields): Understood | undefined {
  const [name] = names;
  if (name === undefined) {
    const event = inboundByFields(json);
    if (event) return { kind: 'inbound', event };
    const reference = fields && referenceIn(fields.read, 'UniqueReference').ours;
    return reference && hasOurForm(reference) ? undefined : { kind: 'unknown', event: 'unnamed' };
  }
  if (name.kind === 'payout' || !isOne(names)) return undefined;
  return name.kind === 'inbound' ? { kind: 'inbound', event: name.event } : { kind: 'unknown', event: name.event };
}

function unclear(names: readonly Named[], fields: Fields): Understood {
  const event = names.find(({ kind }) => kind === 'payout')?.event ?? names[0]?.event ?? 'unnamed';
  if (!isOne(names)) return misnamed(event, fields);
  return { kind: 'unclear', error: 'unreadable', remains: remainsOf(event, fields, [NOT_ITS_FIELDS]) };
}

function misnamed(event: string, fields: Fields): Understood {
  return { kind: 'unclear', error: 'misnamed', remains: remainsOf(event, fields, [DISAGREE]) };
}

/** A body that cannot be looked into. Whoever names it another event is believed, since nothing is done for those. */
function withoutFields(path: readonly Named[], problem: string): Understood {
  const [name] = path;
  if (name?.kind === 'inbound') return { kind: 'inbound', event: name.event };
  return { kind: 'unclear', error: 'unreadable', remains: { event: name?.event ?? 'unnamed', problems: [problem] } };
}

/** No two names that differ. */
function isOne(names: readonly Named[]): boolean {
  return new Set(names.map(({ event }) => event)).size <= 1;
}
