import * as z from 'zod';
import { type Destination, destinationSchema, PAYOUT_METHODS, type PayoutMethod } from '../domain/destination.ts';
import { CUSTOMER_ID } from '../domain/payout-request.ts';

/** A customer as a person writes it down, in plain text. It never leaves the memory of the command that reads it. */
export type PlainCustomer = { readonly customer_id: string; readonly payout_destinations: readonly Destination[] };

export type ParsedCustomers =
  | { readonly ok: true; readonly customers: readonly PlainCustomer[] }
  /** What to change, one sentence each; no value is quoted. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** More than a person registers by hand; a larger file is split, so that a broken run leaves little to repeat. */
const CUSTOMERS_MAX = 1_000;

const SHAPE = '{customer_id, payout_destinations: [...]}';

/** Reads the JSON text of one customer or an array of customers, and checks all of it. */
export function parseCustomers(text: string): ParsedCustomers {
  const json = parsedJson(text);
  if (!json.ok) return { ok: false, problems: [json.problem] };
  return checkCustomers(Array.isArray(json.value) ? json.value : [json.value]);
}

/** Checks customers that are already objects, such as one made of flags. */
export function checkCustomers(values: readonly unknown[]): ParsedCustomers {
  if (values.length === 0)
    return { ok: false, problems: [`there is no customer in it: write one ${SHAPE}, or an array of them`] };
  if (values.length > CUSTOMERS_MAX)
    return {
      ok: false,
      problems: [`it holds ${values.length} customers: split it into files of at most ${CUSTOMERS_MAX}`],
    };
  const problems: string[] = [];
  const customers: PlainCustomer[] = [];
  for (const [index, value] of values.entries()) {
    const checked = checkCustomer(value);
    const subject = subjectOf(value, index, values.length);
    problems.push(...checked.problems.map((problem) => `${subject}${problem}`));
    if (checked.customer) customers.push(checked.customer);
  }
  problems.push(...repeatedIds(customers));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, customers };
}

type Checked = { readonly customer?: PlainCustomer; readonly problems: readonly string[] };

const customerSchema = z.strictObject({
  customer_id: z.string().regex(CUSTOMER_ID),
  payout_destinations: z.array(z.unknown()).min(1),
});

function checkCustomer(value: unknown): Checked {
  const parsed = customerSchema.safeParse(value);
  if (!parsed.success) return { problems: parsed.error.issues.map(customerProblem) };
  const { customer_id, payout_destinations } = parsed.data;
  const checked = payout_destinations.map(checkDestination);
  const problems = checked.flatMap(({ problems: found }, index) =>
    found.map((problem) => `destination ${index + 1}${typeInWords(payout_destinations[index])}: ${problem}`),
  );
  const destinations = checked.flatMap(({ destination }) => (destination ? [destination] : []));
  problems.push(...repeatedTypes(destinations));
  return problems.length > 0
    ? { problems }
    : { customer: { customer_id, payout_destinations: destinations }, problems };
}

function customerProblem(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys);
  const field = issue.path[0];
  if (field === 'customer_id')
    return 'customer_id is 1 to 64 letters, digits or hyphens, and does not start with a hyphen';
  if (field === 'payout_destinations') return 'payout_destinations is a list of at least one destination';
  return `a customer is an object ${SHAPE}`;
}

function checkDestination(value: unknown): {
  readonly destination?: Destination;
  readonly problems: readonly string[];
} {
  const type = typeOf(value);
  if (type === undefined) return { problems: [`it needs a type, one of ${PAYOUT_METHODS.join(' or ')}`] };
  const parsed = destinationSchema.safeParse(value);
  if (parsed.success) return { destination: parsed.data, problems: [] };
  return { problems: parsed.error.issues.flatMap(issuesOfOneKind).map(destinationProblem) };
}

/** A destination is one kind or the other; only what is wrong with the kind it says it is helps. */
function issuesOfOneKind(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const kinds = issue.errors.filter((issues) => !issues.some(({ path }) => path[0] === 'type'));
  return kinds.flat();
}

function destinationProblem(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys);
  const field = String(issue.path[0] ?? 'it');
  if (issue.code === 'invalid_type') return `${field} is required, as text`;
  if (issue.code === 'invalid_value') return `${field} is one of ${issue.values.join(', ')}`;
  return issue.message.includes(field) ? issue.message : `${field}: ${issue.message}`;
}

/** A field's name is quoted only where it is a word: people paste values into odd places. */
function unknownFields(keys: readonly string[]): string {
  const names = keys.map((key) => (/^[A-Za-z_]{1,30}$/.test(key) ? key : 'one whose name is no word'));
  return `unknown field ${names.join(', ')}: leave it out`;
}

function repeatedTypes(destinations: readonly Destination[]): string[] {
  const repeated = PAYOUT_METHODS.filter((type) => destinations.filter((one) => one.type === type).length > 1);
  return repeated.map((type) => `it has more than one ${type} destination: a customer has at most one of each type`);
}

function repeatedIds(customers: readonly PlainCustomer[]): string[] {
  const ids = customers.map(({ customer_id }) => customer_id);
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map(
    (id) => `customer ${id} is there more than once: the last would replace the others, so keep one`,
  );
}

function subjectOf(value: unknown, index: number, count: number): string {
  const id = fieldOf(value, 'customer_id');
  if (typeof id === 'string' && CUSTOMER_ID.test(id)) return `customer ${id}, `;
  return count === 1 ? '' : `customer number ${index + 1}, `;
}

function typeInWords(value: unknown): string {
  const type = typeOf(value);
  return type === undefined ? '' : ` (${type})`;
}

function typeOf(value: unknown): PayoutMethod | undefined {
  const type = fieldOf(value, 'type');
  return PAYOUT_METHODS.find((method) => method === type);
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

/** V8 quotes the text around a mistake in its message; only the place is told. */
function parsedJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const place = error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined;
    return { ok: false, problem: `it is not JSON${place === undefined ? '' : `: look at ${place}`}` };
  }
}
