import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROLS_ITEM_ID, type Controls, NO_CONTROLS, paused } from '../../../domain/controls.ts';
import { createControls, createControlsFrom } from '../../../functions/adapters/controls.ts';
import type { ControlStore } from '../../../functions/shared/ports.ts';
import { createFakeControls } from '../../fakes/controls.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'controls';
let db: Awaited<ReturnType<typeof startDynamoDb>>;
let tables = 0;

beforeAll(async () => {
  db = await startDynamoDb(
    ...Array.from({ length: 12 }, (_, index) => ({
      TableName: `${TABLE}-${index}`,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
    })),
  );
});
beforeEach(() => {
  tables += 1;
});
afterAll(() => db.stop());

const tableName = () => `${TABLE}-${tables}`;
const first: Controls = { revision: 1, changed_by: 'me', failures: 1 };

describe.each([
  ['the table', (): ControlStore => createControls(db.documents, tableName())],
  ['the fake', (): ControlStore => createFakeControls()],
])('the control item in %s', (_, create) => {
  it('holds nothing until something is written, and then that', async () => {
    const store = create();
    expect(await store.read()).toEqual(NO_CONTROLS);
    expect(await store.replace(NO_CONTROLS, first)).toBe(true);
    expect(await store.read()).toEqual(first);
  });

  it('is written once by two who have read the same', async () => {
    const store = create();
    const another = { ...first, changed_by: 'another' };
    expect(await store.replace(NO_CONTROLS, first)).toBe(true);
    expect(await store.replace(NO_CONTROLS, another)).toBe(false);
    const second = paused(first, 'jo', 'drill', 0);
    expect(await store.replace(first, second)).toBe(true);
    expect(await store.replace(first, { ...second, changed_by: 'another' })).toBe(false);
    expect(await store.read()).toEqual(second);
  });

  it('forgets what the next revision does not hold', async () => {
    const store = create();
    await store.replace(NO_CONTROLS, first);
    await store.replace(first, { revision: 2, changed_by: 'me' });
    expect(await store.read()).toEqual({ revision: 2, changed_by: 'me' });
  });
});

describe('the control item in the table', () => {
  it('is read strongly: a pause acts on the next call', async () => {
    const asked: unknown[] = [];
    const send = async ({ input }: GetCommand) => asked.push(input) && {};
    await createControls({ send } as unknown as DynamoDBDocumentClient, tableName()).read();
    expect(asked).toMatchObject([{ ConsistentRead: true }]);
  });

  it('has no time at which it would be deleted', async () => {
    await createControls(db.documents, tableName()).replace(NO_CONTROLS, first);
    const { Item } = await db.documents.send(new GetCommand({ TableName: tableName(), Key: { id: CONTROLS_ITEM_ID } }));
    expect(Item).toEqual({ id: CONTROLS_ITEM_ID, ...first });
  });

  it('is not taken for one that says nothing where it cannot be read', async () => {
    const Item = { id: CONTROLS_ITEM_ID, revision: 'many', paused_at: 'now' };
    await db.documents.send(new PutCommand({ TableName: tableName(), Item }));
    await expect(createControls(db.documents, tableName()).read()).rejects.toThrow();
  });

  it('is not written again after somebody deleted it', async () => {
    const store = createControls(db.documents, tableName());
    expect(await store.replace(first, { ...first, revision: 2 })).toBe(false);
  });

  it('comes with the breaker of the environment', () => {
    const { breaker } = createControlsFrom(
      {
        CONTROLS_TABLE_NAME: tableName(),
        BREAKER_FAILURES_TO_OPEN: 5,
        BREAKER_COOLDOWN_MS: 30_000,
        BREAKER_COOLDOWN_MAX_MS: 300_000,
      },
      db.documents,
    );
    expect(breaker).toEqual({ failuresToOpen: 5, cooldownMs: 30_000, cooldownMaxMs: 300_000 });
  });
});
