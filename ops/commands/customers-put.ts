import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ParsedCustomers, PlainCustomer } from '../customer-file.ts';
import type { Registered } from '../register-customers.ts';
import type { Terminal } from '../terminal.ts';

type Options = {
  readonly file?: string;
  readonly customerId?: string;
  readonly payIdType?: string;
  readonly payId?: string;
  readonly bsb?: string;
  readonly accountNumber?: string;
  readonly accountName?: string;
};

const HELP = `
A file holds one customer or an array of them:
  {"customer_id": "cust-1", "payout_destinations": [
    {"type": "PayId", "payIdType": "Email", "payId": "...", "accountName": "..."},
    {"type": "BankAccount", "bsb": "...", "accountNumber": "...", "accountName": "..."}]}
A customer has at most one destination of each type, and put replaces all that the customer had.
All of a file is checked before any of it is written. Destinations are encrypted here; ids and masks are all that is printed.
What is given by flags stays in the shell's history: prefer --file.`;

export function addCustomersPut(customers: Command, context: Context): void {
  customers
    .command('put')
    .description('registers customers with their destinations, in place of what was registered')
    .option('--file <path>', 'a JSON file, or - for standard input')
    .option('--customer-id <id>', 'one customer by flags')
    .option('--pay-id-type <type>', 'PhoneNumber, Email, ABN, ACN or OrganisationId')
    .option('--pay-id <payid>', 'the PayID')
    .option('--bsb <bsb>', 'six digits')
    .option('--account-number <number>', 'the account number')
    .option('--account-name <name>', "the account's name")
    .addHelpText('after', HELP)
    .action((options: Options) => putCustomers(context, options));
}

async function putCustomers(context: Context, options: Options): Promise<void> {
  const customers = await customersFrom(options, context.terminal);
  const { registerCustomers } = await import('../register-customers.ts');
  const connection = context.connection();
  const registered = await registerCustomers(connection, customers, context.terminal.newId);
  context.terminal.stdout.write(await textOf(registered, connection.stage));
}

async function customersFrom(options: Options, terminal: Terminal): Promise<readonly PlainCustomer[]> {
  const [{ checkCustomers, parseCustomers }, { UsageError }, { bytesFrom }] = await Promise.all([
    import('../customer-file.ts'),
    import('../errors.ts'),
    import('../input-file.ts'),
  ]);
  const { file, ...flags } = options;
  const hasFlags = Object.keys(flags).length > 0;
  if (file === undefined && !hasFlags)
    throw new UsageError('give the customers with --file F (- for standard input), or one by flags: see --help');
  if (file !== undefined && hasFlags) throw new UsageError('give either --file or the flags of one customer, not both');
  if (file === undefined) return checked(checkCustomers([customerFromFlags(flags)]), 'the flags');
  const name = file === '-' ? 'standard input' : file;
  const bytes = await bytesFrom(file, terminal, FILE_BYTES_MAX);
  return checked(parseCustomers(bytes.toString('utf8')), name);
}

function customerFromFlags(flags: Omit<Options, 'file'>): unknown {
  const { customerId: customer_id, payIdType, payId, bsb, accountNumber, accountName } = flags;
  const payout_destinations = [];
  if (payIdType !== undefined || payId !== undefined)
    payout_destinations.push({ type: 'PayId', payIdType, payId, accountName });
  if (bsb !== undefined || accountNumber !== undefined)
    payout_destinations.push({ type: 'BankAccount', bsb, accountNumber, accountName });
  return { customer_id, payout_destinations };
}

/** A customer is about 300 characters. */
const FILE_BYTES_MAX = 1_000_000;

const PROBLEMS_SHOWN_MAX = 20;

async function checked(parsed: ParsedCustomers, source: string): Promise<readonly PlainCustomer[]> {
  if (parsed.ok) return parsed.customers;
  const { CommandError } = await import('../errors.ts');
  const [first = '', ...others] = parsed.problems;
  if (others.length === 0) throw new CommandError(`nothing was written. In ${source}: ${first}`);
  const shown = parsed.problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => `\n  ${problem}`);
  const rest = parsed.problems.length - shown.length;
  throw new CommandError(
    `nothing was written. To change in ${source}:${shown.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`,
  );
}

async function textOf(registered: readonly Registered[], stage: string): Promise<string> {
  const { counted, table } = await import('../render.ts');
  const rows = registered.flatMap(({ customer, removed }) => [
    ...customer.payout_destinations.map(({ id, type, masked }) => [customer.customer_id, type, masked, id]),
    ...removed.map(({ type, masked }) => [
      customer.customer_id,
      type,
      masked,
      '(removed: put replaces all that the customer had)',
    ]),
  ]);
  return `${table(rows)}${counted(registered.length, 'customer')} registered in stage ${stage}.\n`;
}
