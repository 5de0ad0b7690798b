import * as z from 'zod';
import type { Told } from '../../shared/ports.ts';
import { untoldBy } from './errors.ts';
import type { HttpOutcome } from './http-exchange.ts';

/** "availableToDebit", in AUD; below zero for an account that is overdrawn (OpenAPI v5.29, "MAccount Financials"). */
const financialsSchema = z.object({ financials: z.object({ availableToDebit: z.number() }) });

/** What the account can still pay. A body without it is no answer. */
export function availableOf(outcome: HttpOutcome): Told<{ readonly availableCents: number }> {
  const untold = untoldBy(outcome);
  if (untold) return untold;
  const { data } = financialsSchema.safeParse(outcome.kind === 'answer' ? JSON.parse(outcome.body) : undefined);
  if (!data) return { kind: 'unknown', detail: 'an answer without availableToDebit' };
  // A balance may have more places than a payment; nobody is paid by it.
  return { kind: 'told', availableCents: Math.floor(data.financials.availableToDebit * 100 + 1e-6) };
}
