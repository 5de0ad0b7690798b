import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { REGION } from './account.ts';
import type { CredentialStore, Credentials } from './credentials.ts';
import { canonicalPaths, canonicalQueries } from './sigv4-canonical.ts';

export type SignedRequest = {
  readonly method: string;
  /** As it came over the wire, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type SigV4Refusal = 'missing' | 'unknown-key' | 'signature' | 'expired' | 'malformed';

export type SigV4Verdict = { ok: true; principal: Credentials } | { ok: false; reason: SigV4Refusal };

type Authorization = {
  readonly accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request` */
  readonly scope: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

/** How far a request's date may be from ours: five minutes, as for API Gateway and most of AWS. */
const SKEW_MAX_MS = 5 * 60_000;
const ALGORITHM = 'AWS4-HMAC-SHA256';
const SIGNED_HEADERS_MAX = 50;

/**
 * Verifies AWS Signature Version 4 in the Authorization header
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Presigned URLs are not run:
 * they count as missing.
 *
 * The hash of the body is always our own, so `UNSIGNED-PAYLOAD` or a false `x-amz-content-sha256` fails the signature.
 * Session tokens are ignored. The date may be near `options.nowMs` or near real time: tests and simulations move the local
 * clock ahead while curl and the SDKs sign with the machine's own time.
 */
export function verifySigV4(
  request: SignedRequest,
  store: CredentialStore,
  options: { service: string; nowMs: number; realNowMs?: number },
): SigV4Verdict {
  if (request.headers.authorization === undefined) return refused('missing');
  const claim = claimOf(request.headers);
  const date = amzDate(request.headers);
  if (!claim || !date) return refused('malformed');
  if (!claim.signedHeaders.includes('host') || !date.day.startsWith(claim.day)) return refused('malformed');
  const principal = store.find(claim.accessKeyId);
  if (!principal) return refused('unknown-key');
  if (claim.service !== options.service || claim.region !== REGION) return refused('signature');
  const clocksMs = [options.nowMs, options.realNowMs ?? Date.now()];
  if (!clocksMs.some((nowMs) => Math.abs(nowMs - date.ms) <= SKEW_MAX_MS)) return refused('expired');
  if (!isSignatureRight(request, claim, date.text, principal)) return refused('signature');
  return { ok: true, principal };
}

/** The service in the credential scope, unverified: only for choosing whom to ask. */
export function signingNameOf(headers: IncomingHttpHeaders): string | undefined {
  return claimOf(headers)?.service;
}

/** A request is asked for its service first and for its signature right then. */
let lastClaim: { readonly header: string; readonly claim: Authorization | undefined } | undefined;

function claimOf({ authorization }: IncomingHttpHeaders): Authorization | undefined {
  if (authorization === undefined) return undefined;
  if (lastClaim?.header !== authorization) {
    lastClaim = { header: authorization, claim: parseAuthorization(authorization) };
  }
  return lastClaim.claim;
}

function refused(reason: SigV4Refusal): SigV4Verdict {
  return { ok: false, reason };
}

function parseAuthorization(header: string): Authorization | undefined {
  if (!header.startsWith(`${ALGORITHM} `)) return undefined;
  const parts = new Map<string, string>();
  for (const part of header.slice(ALGORITHM.length + 1).split(',')) {
    const [name, value] = splitOnce(part.trim(), '=');
    parts.set(name, value);
  }
  const [accessKeyId, day, region, service, terminator] = (parts.get('Credential') ?? '').split('/');
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';').filter(Boolean);
  const signature = parts.get('Signature') ?? '';
  if (!accessKeyId || !day || !region || !service || terminator !== 'aws4_request') return undefined;
  if (!/^[0-9a-f]{64}$/.test(signature) || signedHeaders.length > SIGNED_HEADERS_MAX) return undefined;
  return {
    accessKeyId,
    scope: `${day}/${region}/${service}/aws4_request`,
    day,
    region,
    service,
    signedHeaders,
    signature,
  };
}

function amzDate(headers: IncomingHttpHeaders): { text: string; day: string; ms: number } | undefined {
  const text = headers['x-amz-date'];
  const match = typeof text === 'string' ? /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) : null;
  if (!match || typeof text !== 'string') return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : { text, day: text.slice(0, 8), ms };
}

/**
 * Clients differ in how they canonicalise, and each of these forms covers every byte of the request, so any of them may
 * match (see sigv4-canonical.ts for which client makes which).
 */
function isSignatureRight(request: SignedRequest, claim: Authorization, date: string, principal: Credentials): boolean {
  const [path, query] = splitOnce(request.path, '?');
  const key = signingKey(principal.secretAccessKey, claim);
  const tail = `${canonicalHeaders(request.headers, claim.signedHeaders)}\n${sha256(request.body)}`;
  for (const canonicalPath of canonicalPaths(path)) {
    for (const canonicalQuery of canonicalQueries(query)) {
      const canonical = `${request.method}\n${canonicalPath}\n${canonicalQuery}\n${tail}`;
      const toSign = `${ALGORITHM}\n${date}\n${claim.scope}\n${sha256(canonical)}`;
      if (timingSafeEqual(hmac(key, toSign), Buffer.from(claim.signature, 'hex'))) return true;
    }
  }
  return false;
}

/** Node reads header bytes as Latin-1; the client hashed UTF-8. Runs of spaces count as one. */
function canonicalHeaders(headers: IncomingHttpHeaders, signed: readonly string[]): string {
  const lines = signed.map((name) => {
    const value = headers[name] ?? '';
    const text = Array.isArray(value) ? value.join(',') : value;
    return `${name}:${isPlain(text) ? text : canonicalValue(text)}\n`;
  });
  return `${lines.join('')}\n${signed.join(';')}`;
}

function canonicalValue(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8').trim().replace(/ +/g, ' ');
}

/** What stands for itself: ASCII without a space at its ends or two in a row. */
function isPlain(text: string): boolean {
  return /^[!-~]+(?: [!-~]+)*$/.test(text);
}

/** A key is good for one service and day, and serves every request of it. */
const signingKeys = new Map<string, KeyObject>();
const SIGNING_KEYS_MAX = 200;

function signingKey(secretAccessKey: string, claim: Authorization): KeyObject {
  const id = `${claim.scope} ${secretAccessKey}`;
  const known = signingKeys.get(id);
  if (known) return known;
  const day = hmac(`AWS4${secretAccessKey}`, claim.day);
  const made = createSecretKey(hmac(hmac(hmac(day, claim.region), claim.service), 'aws4_request'));
  if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear();
  signingKeys.set(id, made);
  return made;
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function sha256(data: string | Buffer): string {
  return hash('sha256', data);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
