import * as z from 'zod';
import { PAYOUT_METHODS } from './destination.ts';
import { FACT_KINDS, FACT_SOURCES } from './fact.ts';
import { CURRENCY } from './money.ts';
import { STATUSES } from './payout.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { TRANSACTION_ID } from './reference.ts';

/**
 * What the API answers, as schemas: the views and the problems take their types from here, the API's document its text. Nothing
 * parses with them at run time; other files import only their types, so that no bundle carries them.
 */
const time = z.iso.datetime();

const amount = z
  .number()
  .nullable()
  .meta({ description: 'AUD. Null in a rebuilt record whose amount nobody knows.', examples: [12.34] });

export const payoutViewSchema = z
  .object({
    transaction_id: z.string().regex(TRANSACTION_ID).meta({ description: 'Ours, for ever the same.' }),
    status: z.enum(STATUSES).meta({
      description:
        'Pending: recorded and on its way. Failed: no money moved. Rejected: the bank of the payee refused it. Completed: the payee has the money. ' +
        'Returned: it arrived and came back. All but Pending are final, but a Completed payout can still come back.',
    }),
    amount,
    currency: z.literal(CURRENCY),
    destination: z.string().meta({ description: 'Masked: at most four characters of it, never a name.' }),
    message: z
      .string()
      .meta({ description: 'What the status means, and what to do next. For people; its words may change.' }),
    created_at: time.meta({ description: 'When it was recorded.' }),
  })
  .meta({ id: 'Payout', description: 'A payout as it stands now.' });
export type PayoutView = Readonly<z.output<typeof payoutViewSchema>>;

export const historyViewSchema = z
  .object({
    at: time.meta({ description: 'When we learnt it.' }),
    source: z.enum(['request', ...FACT_SOURCES]).meta({ description: 'Who learnt it.' }),
    event: z.enum(['recorded', 'rebuilt', ...FACT_KINDS]),
    detail: z.string().exactOptional().meta({ description: 'A code of Monoova, or a few scrubbed words.' }),
  })
  .meta({ id: 'HistoryEntry', description: 'One thing that was learnt about a payout. Nothing is ever taken back.' });
export type HistoryView = Readonly<z.output<typeof historyViewSchema>>;

export const payoutDetailsSchema = z
  .object({
    ...payoutViewSchema.shape,
    customer_id: z.string().exactOptional().meta({ description: 'Absent in a rebuilt record.' }),
    payout_method: z.enum(PAYOUT_METHODS).exactOptional().meta({ description: 'Absent in a rebuilt record.' }),
    description: z.string().exactOptional().meta({ description: 'As the request gave it.' }),
    updated_at: time,
    conflict: z.literal(true).exactOptional().meta({
      description: 'What is known does not fit together, and a person is looking at it: do not pay it again.',
    }),
    returned_amount: z.number().exactOptional().meta({ description: 'AUD that came back so far.' }),
    history: z.array(historyViewSchema).readonly().meta({ description: 'Oldest first.' }),
  })
  .meta({ id: 'PayoutDetails', description: 'A payout with all that is known of it.' });
export type PayoutDetails = Readonly<z.output<typeof payoutDetailsSchema>>;

export const payoutPageSchema = z
  .object({
    payouts: z.array(payoutViewSchema).readonly().meta({ description: 'Newest first.' }),
    cursor: z.string().exactOptional().meta({
      description: 'Asks for the next page. A page can be shorter than the limit, or empty, and still have one.',
    }),
  })
  .meta({ id: 'PayoutPage', description: 'Some payouts of a customer.' });
export type PayoutPage = Readonly<z.output<typeof payoutPageSchema>>;

export const problemSchema = z
  .object({
    type: z.string().regex(/^urn:payouts:problem:[a-z-]+$/),
    code: z.enum(Object.keys(PROBLEMS) as ProblemCode[]).meta({ description: 'Stable: decide by this one.' }),
    status: z.int().meta({ description: 'The HTTP status again.' }),
    title: z.string(),
    detail: z.string().meta({ description: 'What to change or do, for a person.' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }).readonly())
      .readonly()
      .exactOptional()
      .meta({ description: 'What is wrong with which field, in words.' }),
    transaction_id: z.string().exactOptional().meta({ description: 'Of the payout that was declined.' }),
    limit: z.enum(['customer', 'stage']).exactOptional().meta({ description: 'Whose daily limit would be exceeded.' }),
    limit_ends_at: time.exactOptional().meta({ description: 'When that limit starts anew: midnight in Sydney.' }),
  })
  .meta({ id: 'Problem', description: 'A refusal, as RFC 9457 has it.' });
export type ProblemDocument = Readonly<z.output<typeof problemSchema>>;
