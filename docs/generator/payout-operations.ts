import * as z from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { payoutDetailsSchema, payoutPageSchema, payoutViewSchema } from '../../domain/answers.ts';
import { STATUSES } from '../../domain/payout.ts';
import { CUSTOMER_ID, IDEMPOTENCY_KEY, payoutRequestSchema } from '../../domain/payout-request.ts';
import { TRANSACTION_ID } from '../../domain/reference.ts';
import { LIMIT_DEFAULT, LIMIT_MAX } from '../../functions/read-payouts/list-query.ts';
import { DETAILS, PAGE, RECORDED_VIEW, REPLAYED_VIEW } from './payout-examples.ts';
import { EXAMPLE_ID, OF_INTEGRATIONS, OF_SIGNED_ROUTES, problemResponses, TOO_LARGE } from './problems.ts';

const SIGNED = [{ sigv4: [] }];

const LOCATION = {
  description: 'The path of the payout, from the root of the host.',
  schema: { type: 'string' as const },
  example: `/dev/payouts/${EXAMPLE_ID}`,
};

const REPLAYED = {
  description: 'Present where the request was known already: the answer tells what became of it.',
  schema: { type: 'string' as const, const: 'true' },
};

const NO_STORE = {
  description: 'A status of a minute ago can make somebody pay again.',
  schema: { type: 'string' as const, const: 'no-store' },
};

const ABOUT_A_PAYOUT = { Location: LOCATION, 'Idempotent-Replayed': REPLAYED };

/** `amountMaxCents`: the most that one payout may be, in AUD cents. */
export function createPayout(amountMaxCents: number): ZodOpenApiOperationObject {
  return {
    operationId: 'createPayout',
    tags: ['Payouts'],
    summary: 'Pay somebody out',
    description:
      'Records the payout, submits it, and answers with its status of now. The same request with the same key is the same payout, for ever. ' +
      'Without a key, the same customer, amount, method and description within 24 hours, or while the payout is Pending, are the same ' +
      'payout. Whatever goes wrong, repeat it with the same key: that can never pay twice.',
    security: SIGNED,
    requestParams: {
      header: z.object({
        'Idempotency-Key': z
          .string()
          .regex(IDEMPOTENCY_KEY)
          .optional()
          .meta({
            description: 'Yours, for one payout: 1 to 255 visible ASCII characters, without spaces, sent once.',
            examples: ['order-17'],
          }),
      }),
    },
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: payoutRequestSchema(amountMaxCents).meta({
            id: 'PayoutRequest',
            description:
              'What API Gateway checks. The amount is plain decimal AUD with at most two places beyond that.',
          }),
          examples: {
            bank_account: {
              value: { customer_id: 'cust-1', amount: 12.34, payout_method: 'BankAccount', description: 'Refund 17' },
            },
            pay_id: { value: { customer_id: 'cust-1', amount: 5, payout_method: 'PayId' } },
          },
        },
      },
    },
    responses: {
      202: {
        description: 'The payout is recorded; its status says how far it is.',
        headers: ABOUT_A_PAYOUT,
        content: {
          'application/json': {
            schema: payoutViewSchema,
            examples: {
              recorded: { summary: 'The first request', value: RECORDED_VIEW },
              replayed: { summary: 'The same again, later', value: REPLAYED_VIEW },
            },
          },
        },
      },
      ...TOO_LARGE,
      ...problemResponses(
        [
          ...(['invalid_request', 'invalid_idempotency_key', 'unknown_customer', 'no_such_destination'] as const),
          'unsupported_media_type',
          ...(['idempotency_key_reused', 'declined', 'over_limit', 'destination_unusable'] as const),
          ...(['unavailable', 'paused'] as const),
          ...OF_SIGNED_ROUTES,
          ...OF_INTEGRATIONS,
        ],
        { 422: ABOUT_A_PAYOUT },
      ),
    },
  };
}

export const readPayout: ZodOpenApiOperationObject = {
  operationId: 'readPayout',
  tags: ['Payouts'],
  summary: 'See one payout, with its history',
  security: SIGNED,
  requestParams: {
    path: z.object({
      transaction_id: z
        .string()
        .regex(TRANSACTION_ID)
        .meta({ description: 'From the answer to POST /payouts.', examples: [EXAMPLE_ID] }),
    }),
  },
  responses: {
    200: {
      description: 'The payout as it stands now.',
      headers: { 'Cache-Control': NO_STORE },
      content: {
        'application/json': { schema: payoutDetailsSchema, examples: { completed: { value: DETAILS } } },
      },
    },
    ...problemResponses(['not_found', ...OF_SIGNED_ROUTES, ...OF_INTEGRATIONS]),
  },
};

export const listPayouts: ZodOpenApiOperationObject = {
  operationId: 'listPayouts',
  tags: ['Payouts'],
  summary: "See a customer's payouts, newest first",
  security: SIGNED,
  requestParams: {
    query: z.object({
      customer_id: z
        .string()
        .regex(CUSTOMER_ID)
        .meta({ examples: ['cust-1'] }),
      status: z.enum(STATUSES).optional(),
      limit: z
        .int()
        .min(1)
        .max(LIMIT_MAX)
        .optional()
        .meta({ description: `How many at most; ${LIMIT_DEFAULT} where it is left out.` }),
      cursor: z.string().optional().meta({ description: 'From the page before, for the same customer.' }),
    }),
  },
  responses: {
    200: {
      description: 'One page. There are more while it has a cursor.',
      headers: { 'Cache-Control': NO_STORE },
      content: { 'application/json': { schema: payoutPageSchema, examples: { page: { value: PAGE } } } },
    },
    ...problemResponses(['invalid_request', ...OF_SIGNED_ROUTES, ...OF_INTEGRATIONS]),
  },
};
