import type { Answer } from './behaviours.ts';
import type { JsonAnswer } from './envelope.ts';

/** What goes onto the socket. */
export type Reply =
  | {
      readonly kind: 'whole' | 'cut-midway';
      readonly httpStatus: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  | { readonly kind: 'cut' };

export const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' } as const;

export function jsonReply({ httpStatus, json }: JsonAnswer): Reply {
  return { kind: 'whole', httpStatus, headers: JSON_HEADERS, body: JSON.stringify(json) };
}

export function bytesReply(body: string | Buffer): Reply {
  return { kind: 'whole', httpStatus: 200, headers: { 'Content-Type': 'application/octet-stream' }, body };
}

/**
 * The regular answer as a behaviour would have it seen.
 * @param payee what `{payee}` stands for in a coded answer's description
 */
export function replyWith(regular: JsonAnswer, answer: Answer | undefined, payee: string): Reply {
  switch (answer?.kind) {
    case undefined:
    case 'regular':
      return jsonReply(regular);
    case 'cut':
      return { kind: 'cut' };
    case 'cut-midway':
      return {
        kind: 'cut-midway',
        httpStatus: regular.httpStatus,
        headers: JSON_HEADERS,
        body: JSON.stringify(regular.json),
      };
    case 'verbatim':
      return { kind: 'whole', httpStatus: answer.httpStatus, headers: answer.headers, body: answer.body };
    case 'extended': {
      const body = JSON.stringify({ ...regular.json, ...answer.fields });
      return { kind: 'whole', httpStatus: regular.httpStatus, headers: { ...JSON_HEADERS, ...answer.headers }, body };
    }
    case 'coded': {
      const statusDescription = answer.description.replaceAll('{payee}', payee);
      const json = { ...regular.json, status: answer.code, statusDescription };
      return jsonReply({ httpStatus: answer.httpStatus, json });
    }
  }
}
