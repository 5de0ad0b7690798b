import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DestinationUnusableError } from '../../../domain/errors.ts';
import { createCustomerStore } from '../../../functions/adapters/customer-store.ts';
import type { Customer } from '../../../functions/shared/ports.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'customers';
const CUSTOMER: Customer = {
  customer_id: 'cust-1',
  payout_destinations: [{ id: 'dst-1', type: 'PayId', ciphertext: 'Y2lwaGVydGV4dA==', masked: 'ja••••' }],
};

let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;

beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'customer_id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'customer_id', KeyType: 'HASH' }],
  });
});
afterAll(() => dynamo.stop());

const open = () => createCustomerStore({ client: dynamo.documents, tableName: TABLE });

describe('the customers', () => {
  it('are given back as they were put, and replaced whole', async () => {
    const store = open();
    expect(await store.read('cust-1')).toBeUndefined();
    await store.put(CUSTOMER);
    expect(await store.read('cust-1')).toEqual(CUSTOMER);
    await store.put({ customer_id: 'cust-1', payout_destinations: [] });
    expect(await store.read('cust-1')).toEqual({ customer_id: 'cust-1', payout_destinations: [] });
  });

  it('lose what this system does not know of them', async () => {
    await dynamo.documents.send(
      new PutCommand({ TableName: TABLE, Item: { ...CUSTOMER, customer_id: 'cust-2', name: 'Jane' } }),
    );
    expect(await open().read('cust-2')).toEqual({ ...CUSTOMER, customer_id: 'cust-2' });
  });

  it('are unusable, by name of the field and not by its value, where a record is not readable', async () => {
    const payout_destinations = [{ id: 'dst-1', type: 'Cheque', ciphertext: 'secret-text', masked: '' }];
    await dynamo.documents.send(
      new PutCommand({ TableName: TABLE, Item: { customer_id: 'cust-3', payout_destinations } }),
    );
    const error: unknown = await open()
      .read('cust-3')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DestinationUnusableError);
    expect(String(error)).toContain('customer cust-3 is not readable: payout_destinations.0.type');
    expect(String(error)).not.toContain('Cheque');
  });
});
