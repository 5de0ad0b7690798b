import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { endOfDayMs, sydneyDayOf } from '../domain/sydney-day.ts';
import type { Resources } from './resources.ts';

/** Absent until the first request of the day. */
const counterSchema = z.object({ total_cents: z.int() }).catch({ total_cents: 0 });

export type LimitUse = { readonly of: string; readonly usedCents: number; readonly limitCents: number };
export type DailyLimits = { readonly day: string; readonly endsAtMs: number; readonly uses: readonly LimitUse[] };

/** How much of today's limits is used up: the stage's, and a customer's where one is named. The submission machine counts them. */
export async function dailyLimits(
  client: DynamoDBDocumentClient,
  resources: Resources,
  { nowMs, customerId }: { readonly nowMs: number; readonly customerId?: string },
): Promise<DailyLimits> {
  const { GetCommand } = await import('@aws-sdk/lib-dynamodb');
  const day = sydneyDayOf(nowMs);
  const used = async (id: string) => {
    const command = new GetCommand({ TableName: resources.controls_table, Key: { id }, ConsistentRead: true });
    return counterSchema.parse((await client.send(command)).Item).total_cents;
  };
  const stage = { of: 'stage', usedCents: await used(`limit#${day}`), limitCents: resources.daily_stage_limit_cents };
  if (customerId === undefined) return { day, endsAtMs: endOfDayMs(day), uses: [stage] };
  const usedCents = await used(`limit#${day}#customer#${customerId}`);
  const customer = { of: customerId, usedCents, limitCents: resources.daily_customer_limit_cents };
  return { day, endsAtMs: endOfDayMs(day), uses: [stage, customer] };
}
