import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import * as z from 'zod';
import { payoutRequestSchema } from '../../domain/payout-request.ts';

/**
 * The body of `POST /payouts` as a model of API Gateway, which reads JSON Schema draft 4, made from the one schema that
 * ValidatePayout uses. The gateway refuses early what is plainly wrong; only ValidatePayout sees the text of the amount.
 */
export function payoutRequestModel(amountMaxCents: number): JsonSchema {
  return z.toJSONSchema(payoutRequestSchema(amountMaxCents), { target: 'draft-4' }) as JsonSchema;
}
