import type { CustomerStore } from '../functions/shared/ports.ts';
import type { Connection } from './connection.ts';
import type { Resources } from './resources.ts';

/** The customers of a stage, as DynamoDB holds them. Modules and resources are loaded side by side. */
export async function openCustomers(
  connection: Connection,
): Promise<{ readonly store: CustomerStore; readonly resources: Resources }> {
  const [{ createCustomerStore }, client, resources] = await Promise.all([
    import('../functions/adapters/customer-store.ts'),
    import('./clients.ts').then(({ documentClient }) => documentClient(connection)),
    import('./resources.ts').then(({ loadResources }) => loadResources(connection)),
  ]);
  return { store: createCustomerStore({ client, tableName: resources.customers_table }), resources };
}
