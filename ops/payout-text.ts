import * as z from 'zod';
import { scrub } from './masking.ts';
import { aud, counted, sydneyTimeOf, table } from './render.ts';

const viewSchema = z.object({
  transaction_id: z.string(),
  status: z.string(),
  amount: z.number().nullable(),
  currency: z.string(),
  destination: z.string(),
  message: z.string(),
  created_at: z.string(),
});

/** What the API answers to `POST /payouts`. */
export const payoutViewSchema = viewSchema;
export type PayoutView = z.output<typeof viewSchema>;

/** What it answers to `GET /payouts/{transaction_id}`. */
export const payoutDetailsSchema = viewSchema.extend({
  customer_id: z.string().optional(),
  payout_method: z.string().optional(),
  description: z.string().optional(),
  updated_at: z.string(),
  conflict: z.boolean().optional(),
  returned_amount: z.number().optional(),
  history: z.array(z.object({ at: z.string(), source: z.string(), event: z.string(), detail: z.string().optional() })),
});
export type PayoutDetails = z.output<typeof payoutDetailsSchema>;

/** What it answers to `GET /payouts`. */
export const payoutPageSchema = z.object({ payouts: z.array(viewSchema), cursor: z.string().optional() });
type PayoutPage = z.output<typeof payoutPageSchema>;

export function viewText(payout: PayoutView): string {
  return `${payout.transaction_id}\n  ${summaryOf(payout)}\n  ${payout.message}\n`;
}

export function detailsText(payout: PayoutDetails): string {
  const fields = [
    ['customer', payout.customer_id ?? 'not known'],
    ['method', payout.payout_method ?? 'not known'],
    ...(payout.description === undefined ? [] : [['description', scrub(payout.description)]]),
    ['recorded', sydneyTimeOf(payout.created_at)],
    ['updated', sydneyTimeOf(payout.updated_at)],
    ...(payout.returned_amount === undefined ? [] : [['came back', aud(payout.returned_amount, payout.currency)]]),
    ...(payout.conflict ? [['conflict', 'facts contradict each other: a person has to look']] : []),
  ];
  const history = payout.history.map(({ at, source, event, detail }) => [
    sydneyTimeOf(at),
    source,
    event,
    detail === undefined ? '' : scrub(detail),
  ]);
  return `${viewText(payout)}\n${indented(table(fields))}\n${indented(table(history))}`;
}

export function pageText({ payouts, cursor }: PayoutPage): string {
  if (payouts.length === 0 && cursor === undefined) return 'no payouts\n';
  const rows = payouts.map((payout) => [
    sydneyTimeOf(payout.created_at),
    payout.transaction_id,
    payout.status,
    amountText(payout),
    payout.destination,
  ]);
  const more = cursor === undefined ? '' : ` There are more: add --cursor '${cursor}'`;
  return `${table(rows, [3])}${counted(payouts.length, 'payout')}.${more}\n`;
}

function summaryOf({ status, amount, currency, destination }: PayoutView): string {
  return `${status}: ${amountText({ amount, currency })} to ${destination}`;
}

function amountText({ amount, currency }: Pick<PayoutView, 'amount' | 'currency'>): string {
  return amount === null ? 'an unknown amount' : aud(amount, currency);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
