import { createHash, createHmac } from 'node:crypto';
import { REGION } from '../../local/aws/account.ts';
import { ROOT } from '../../local/aws/credentials.ts';

const SERVICE = 'execute-api';
const SIGNED_HEADERS = 'content-type;host;idempotency-key;x-amz-date';

type Unsigned = {
  readonly host: string;
  readonly path: string;
  readonly body: string;
  readonly idempotencyKey: string;
};

/**
 * The headers of a POST under Signature Version 4, with the signing key made once a day: a general signer costs more of
 * the processor than the system under measurement should have to share.
 */
export function signPost({ host, path, body, idempotencyKey }: Unsigned): Record<string, string> {
  const date = new Date().toISOString().replace(/-|:|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${REGION}/${SERVICE}/aws4_request`;
  const headers = {
    'content-type': 'application/json',
    host,
    'idempotency-key': idempotencyKey,
    'x-amz-date': date,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n${path}\n\n${lines.join('')}\n${SIGNED_HEADERS}\n${sha256(body)}`;
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const signature = hmac(signingKey(date.slice(0, 8)), toSign).toString('hex');
  const credential = `Credential=${ROOT.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`,
  };
}

let cached: { readonly day: string; readonly key: Buffer } | undefined;

function signingKey(day: string): Buffer {
  if (cached?.day !== day) {
    const dated = hmac(`AWS4${ROOT.secretAccessKey}`, day);
    cached = { day, key: hmac(hmac(hmac(dated, REGION), SERVICE), 'aws4_request') };
  }
  return cached.key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
