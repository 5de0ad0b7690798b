import * as z from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { OF_INTEGRATIONS, OF_OPEN_ROUTES, OF_WEBHOOKS, problemResponses, TOO_LARGE } from './problems.ts';

export const readHealth: ZodOpenApiOperationObject = {
  operationId: 'readHealth',
  tags: ['Health'],
  summary: 'Whether the API answers',
  description: 'A constant from the gateway, for a load balancer. It says nothing of Monoova.',
  security: [],
  responses: {
    200: {
      description: 'It does.',
      content: {
        'application/json': {
          schema: z.object({ status: z.literal('ok') }),
          examples: { ok: { value: { status: 'ok' } } },
        },
      },
    },
    ...problemResponses(OF_OPEN_ROUTES),
  },
};

/** By one of two paths: with the event's name, which may only agree with the body, or without. */
export function receiveWebhook(pathHasEvent: boolean): ZodOpenApiOperationObject {
  return {
    operationId: pathHasEvent ? 'receiveNamedWebhook' : 'receiveWebhook',
    tags: ['Webhooks'],
    summary: pathHasEvent ? "Monoova's webhooks of one event" : "Monoova's webhooks",
    description:
      'For Monoova alone. The body is read only after its proof: the agreed `Authorization`, and the signature of the exact bytes. ' +
      'Repeats, in any order, change nothing.',
    security: [{ webhookToken: [] }],
    requestParams: {
      ...(pathHasEvent && {
        path: z.object({
          eventName: z.string().meta({ description: 'As subscribed.', examples: ['NppPaymentStatus'] }),
        }),
      }),
      header: z.object({
        'Verification-Signature': z.string().optional().meta({
          description:
            "Base64 of RSASSA-PKCS1-v1_5 with SHA-256 over the body, by Monoova's key. Required in production; wrong is refused everywhere.",
        }),
      }),
    },
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: z.looseObject({}).meta({ description: "As Monoova's own documentation has it for each event." }),
          examples: {
            NppPaymentStatus: {
              value: {
                TransactionDate: '2026-11-23T12:00:02',
                UniqueReference: '0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d',
                TransactionId: 1_000_001,
                Status: 'Payment Successful',
                Amount: 12.34,
              },
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: 'Proven, and applied, kept in a queue, or about nothing of ours.',
        content: {
          'application/json': {
            schema: z.object({ received: z.literal(true) }),
            examples: { received: { value: { received: true } } },
          },
        },
      },
      ...TOO_LARGE,
      ...problemResponses(['invalid_request', 'unauthenticated_webhook', ...OF_WEBHOOKS, ...OF_INTEGRATIONS]),
    },
  };
}
