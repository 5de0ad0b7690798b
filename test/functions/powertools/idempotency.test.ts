import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnce } from '../../../functions/powertools/idempotency.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';
import { aContext } from './context.ts';

const TABLE = 'idempotency';
let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;

beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});
afterAll(() => dynamo.stop());

const open = (tableName = TABLE) =>
  createOnce<{ answer: string }>({ tableName, client: dynamo.client, keyPrefix: 'receive-webhook' });

describe('what runs once', () => {
  it('gives its first result to everybody who comes later, also to another environment', async () => {
    let runs = 0;
    const run = async () => ({ answer: `run ${++runs}` });
    expect(await open()('one', aContext(), run)).toEqual({ answer: 'run 1' });
    expect(await open()('one', aContext(), run)).toEqual({ answer: 'run 1' });
    expect(await open()('two', aContext(), run)).toEqual({ answer: 'run 2' });
  });

  it('is forgotten where it throws, and runs again', async () => {
    const once = open();
    await expect(once('three', aContext(), () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
    expect(await once('three', aContext(), async () => ({ answer: 'yes' }))).toEqual({ answer: 'yes' });
  });

  it('is refused while another runs it', async () => {
    const once = open();
    let finish = () => {};
    const first = once(
      'four',
      aContext(),
      () => new Promise((resolve) => (finish = () => resolve({ answer: 'first' }))),
    );
    await expect
      .poll(async () => open()('four', aContext(), async () => ({ answer: 'x' })).catch((error) => error.name))
      .toBe('IdempotencyAlreadyInProgressError');
    finish();
    expect(await first).toEqual({ answer: 'first' });
  });

  it('is run again after a crash, once the time of the one that crashed is over', async () => {
    const crashed = open()('five', aContext(1), () => new Promise(() => {}));
    void crashed.catch(() => {});
    const run = async () => ({ answer: 'after the crash' });
    const take = () => open()('five', aContext(), run).catch(() => undefined);
    await expect.poll(take).toEqual({ answer: 'after the crash' });
  });

  it('needs a key and a table', async () => {
    await expect(open()('', aContext(), async () => ({ answer: '' }))).rejects.toThrow(/idempotency/i);
    await expect(open('nowhere')('six', aContext(), async () => ({ answer: '' }))).rejects.toMatchObject({
      name: 'IdempotencyPersistenceLayerError',
    });
  });

  it('is stored under a fixed prefix and a hash, with the attributes of the table', async () => {
    await open()('seven', aContext(), async () => ({ answer: 'seen' }));
    const { Items = [] } = await dynamo.documents.send(new ScanCommand({ TableName: TABLE }));
    const item = Items.find((candidate) => candidate['data']?.answer === 'seen');
    expect(item?.['id']).toMatch(/^receive-webhook#[A-Za-z0-9+/]{43}=$/);
    const seconds = Number(item?.['expiration']) - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(5 * 60 - 30);
    expect(seconds).toBeLessThan(5 * 60 + 30);
  });
});
