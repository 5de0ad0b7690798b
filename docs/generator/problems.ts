import * as z from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import type { ProblemDocument } from '../../domain/answers.ts';
import { PROBLEM_CONTENT_TYPE, problemDocument } from '../../domain/problem.ts';
import { PROBLEMS, type ProblemCode } from '../../domain/problems.ts';

type Particulars = Partial<Pick<ProblemDocument, 'errors' | 'transaction_id' | 'limit' | 'limit_ends_at'>>;
type Headers = NonNullable<ZodOpenApiResponseObject['headers']>;

/** A response that is documented, by its status. */
export type Responses = Record<string, ZodOpenApiResponseObject>;

export const EXAMPLE_ID = 'txn-0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';

/** What an answer tells beyond the problem itself. */
const PARTICULARS: { readonly [Code in ProblemCode]?: Particulars } = {
  invalid_request: {
    errors: [{ field: 'amount', message: 'amount is written as plain decimal AUD with at most two places' }],
  },
  declined: { transaction_id: EXAMPLE_ID },
  over_limit: { limit: 'customer', limit_ends_at: '2026-11-23T13:00:00.000Z' },
};

/** The refusals of one route, by status: each code with the very document that is sent. */
export function problemResponses(
  codes: readonly ProblemCode[],
  headersOf: { readonly [status: string]: Headers } = {},
): Responses {
  const byStatus = Map.groupBy(codes, (code) => String(PROBLEMS[code].status));
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [status, problemResponse(Number(status), ofStatus, headersOf[status])]),
  );
}

function problemResponse(
  status: number,
  codes: readonly ProblemCode[],
  headers: Headers | undefined,
): ZodOpenApiResponseObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    ...(headers && { headers }),
    content: {
      [PROBLEM_CONTENT_TYPE]: {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          type: 'object',
          properties: { code: { enum: [...codes] }, status: { const: status } },
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ProblemCode): ProblemDocument {
  return { ...problemDocument(code), ...PARTICULARS[code] };
}

/** API Gateway lets nobody choose this one's words (AWS: "Amazon API Gateway important notes", on REQUEST_TOO_LARGE). */
export const TOO_LARGE: Responses = {
  413: {
    description:
      "The body is over API Gateway's own limit of 10 MB. The answer is the gateway's, and no problem document.",
    content: {
      'application/json': {
        schema: z.object({ message: z.string() }),
        examples: { too_large: { value: { message: 'Request Too Long' } } },
      },
    },
  },
};

/** What the gateway itself can answer on a route. The firewall lets every webhook pass (infra/constructs/web-acl-rules.ts). */
export const OF_WEBHOOKS: readonly ProblemCode[] = ['too_many_requests', 'internal'];
export const OF_OPEN_ROUTES: readonly ProblemCode[] = ['filtered', ...OF_WEBHOOKS];
export const OF_SIGNED_ROUTES: readonly ProblemCode[] = ['unsigned', ...OF_OPEN_ROUTES];
/** Where a function or a machine stands behind the route, whose answer may be lost. */
export const OF_INTEGRATIONS: readonly ProblemCode[] = ['outcome_unknown'];
