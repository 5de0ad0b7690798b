import type { Command } from 'commander';
import type { Context } from '../context.ts';

type Options = { readonly json?: boolean };

export function addCustomersShow(customers: Command, context: Context): void {
  customers
    .command('show <customer-id>')
    .description("a customer's destinations, masked")
    .option('--json', 'as JSON')
    .action((customerId: string, options: Options) => showCustomer(context, customerId, options));
}

async function showCustomer(context: Context, customerId: string, options: Options): Promise<void> {
  const [{ openCustomers }, { CommandError }, { json, table }] = await Promise.all([
    import('../customers.ts'),
    import('../errors.ts'),
    import('../render.ts'),
  ]);
  const connection = context.connection();
  const { store } = await openCustomers(connection);
  const customer = await store.read(customerId);
  if (!customer) {
    throw new CommandError(`no such customer in stage ${connection.stage}: register it with payouts customers put`);
  }
  // The ciphertext stays behind.
  const destinations = customer.payout_destinations.map(({ id, type, masked }) => ({ id, type, masked }));
  context.terminal.stdout.write(
    options.json
      ? json({ customer_id: customer.customer_id, payout_destinations: destinations })
      : table(destinations.map(({ id, type, masked }) => [customer.customer_id, type, masked, id])),
  );
}
