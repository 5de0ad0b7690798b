import * as z from 'zod';
import { STATUSES } from '../../domain/payout.ts';
import { CUSTOMER_ID, type FieldErrors } from '../../domain/payout-request.ts';
import type { PayoutStore } from '../shared/ports.ts';
import { parseCursor } from './cursor.ts';

export type ListQuery = Parameters<PayoutStore['list']>[0];

export type ParsedQuery =
  | { readonly ok: true; readonly query: ListQuery }
  | { readonly ok: false; readonly errors: FieldErrors };

export const LIMIT_MAX = 100;
export const LIMIT_DEFAULT = 20;
const NAMES: ReadonlySet<string> = new Set(['customer_id', 'status', 'limit', 'cursor']);

const querySchema = z.object({
  customer_id: z
    .string('customer_id is required')
    .regex(CUSTOMER_ID, 'customer_id has 1 to 64 letters, digits or hyphens, and does not start with a hyphen'),
  status: z.enum(STATUSES, `status is one of ${STATUSES.join(', ')}`).optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `limit is a whole number from 1 to ${LIMIT_MAX}`)
    .transform(Number)
    .pipe(
      z
        .number()
        .min(1, `limit is a whole number from 1 to ${LIMIT_MAX}`)
        .max(LIMIT_MAX, `limit is a whole number from 1 to ${LIMIT_MAX}`),
    )
    .default(LIMIT_DEFAULT),
  cursor: z.string().optional(),
});

/** Reads the parameters of `GET /payouts`; what is wrong is said in words that tell what to change. */
export function parseListQuery(parameters: ReadonlyMap<string, readonly string[]>): ParsedQuery {
  const errors = [...parameters].flatMap(([name, values]) => errorsOfParameter(name, values));
  if (errors.length > 0) return { ok: false, errors };
  const single = Object.fromEntries([...parameters].map(([name, [value]]) => [name, value]));
  const parsed = querySchema.safeParse(single);
  if (!parsed.success) {
    return { ok: false, errors: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) };
  }
  return withCursor(parsed.data);
}

function errorsOfParameter(name: string, values: readonly string[]): FieldErrors {
  if (!NAMES.has(name)) {
    return [{ field: name.slice(0, 64), message: `this parameter is not known: use ${[...NAMES].join(', ')}` }];
  }
  return values.length > 1 ? [{ field: name, message: 'this parameter is there more than once: send it once' }] : [];
}

function withCursor({ customer_id, status, limit, cursor }: z.output<typeof querySchema>): ParsedQuery {
  const query: ListQuery = { customerId: customer_id, limit, ...(status && { status }) };
  if (cursor === undefined) return { ok: true, query };
  const storeCursor = parseCursor(cursor, customer_id);
  if (storeCursor !== undefined) return { ok: true, query: { ...query, cursor: storeCursor } };
  const message = 'cursor is not one that was given out for this customer: leave it out to start from the newest';
  return { ok: false, errors: [{ field: 'cursor', message }] };
}
