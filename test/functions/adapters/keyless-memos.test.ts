import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PayoutConflictError } from '../../../domain/errors.ts';
import { createKeylessMemos } from '../../../functions/adapters/keyless-memos.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'controls';
const WINDOW_SECONDS = 86_400;

let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;
const openReferences = new Set<string>();
let nowMs = Date.parse('2026-11-23T00:00:00.000Z');

beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});

afterAll(() => dynamo.stop());

type Command = GetCommand | PutCommand;

const sendOn = (command: Command) => dynamo.documents.send(command as GetCommand);

/** The real table behind a client that misbehaves. */
function clientThat(send: (command: Command) => Promise<unknown>): DynamoDBDocumentClient {
  return { send } as unknown as DynamoDBDocumentClient;
}

const open = (tableName = TABLE, client = dynamo.documents) =>
  createKeylessMemos(client, {
    tableName,
    windowSeconds: WINDOW_SECONDS,
    nowMs: () => nowMs,
    isOpen: async (reference) => openReferences.has(reference),
  });

describe('the memo of a request without a key', () => {
  it('remembers the first reference for the whole window, and not a second longer', async () => {
    const memos = open();
    expect(await memos.remember('one', 'first')).toBe('first');
    nowMs += (WINDOW_SECONDS - 1) * 1000;
    expect(await memos.remember('one', 'second')).toBe('first');
    nowMs += 1000;
    expect(await memos.remember('one', 'third')).toBe('third');
  });

  it('remembers it for as long after the window as its payout is open, whose outcome nobody knows', async () => {
    const memos = open();
    await memos.remember('open', 'first');
    openReferences.add('first');
    nowMs += 30 * WINDOW_SECONDS * 1000;
    expect(await memos.remember('open', 'second')).toBe('first');
    openReferences.delete('first');
    expect(await memos.remember('open', 'third')).toBe('third');
  });

  it('gives one reference to many requests at once after the window', async () => {
    const memos = open();
    await memos.remember('again', 'first');
    nowMs += WINDOW_SECONDS * 1000;
    const candidates = Array.from({ length: 20 }, (_, index) => `later-${index}`);
    const answers = await Promise.all(candidates.map((candidate) => memos.remember('again', candidate)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).not.toBe('first');
  });

  it('reads the memo of an earlier version, which counts until it expires', async () => {
    const expires_at = Math.floor(nowMs / 1000) + 60;
    const Item = { id: 'memo#earlier', reference: 'first', expires_at };
    await dynamo.documents.send(new PutCommand({ TableName: TABLE, Item }));
    const memos = open();
    expect(await memos.remember('earlier', 'second')).toBe('first');
    nowMs += 60_000;
    expect(await memos.remember('earlier', 'second')).toBe('second');
  });

  it('gives one reference to many requests at once', async () => {
    const memos = open();
    const candidates = Array.from({ length: 20 }, (_, index) => `candidate-${index}`);
    const answers = await Promise.all(candidates.map((candidate) => memos.remember('at-once', candidate)));
    expect(new Set(answers).size).toBe(1);
  });

  it('tries again when the memo vanishes between the refused write and the read', async () => {
    await open().remember('vanishing', 'first');
    let reads = 0;
    const client = clientThat(async (command) => {
      if (!(command instanceof GetCommand) || reads++ > 0) return sendOn(command);
      await dynamo.documents.send(new DeleteCommand({ TableName: TABLE, Key: { id: 'memo#vanishing' } }));
      return sendOn(command);
    });
    expect(await open(TABLE, client).remember('vanishing', 'second')).toBe('second');
  });

  it('gives up with a name when it keeps changing', async () => {
    await open().remember('restless', 'first');
    const client = clientThat(async (command) => (command instanceof GetCommand ? { $metadata: {} } : sendOn(command)));
    await expect(open(TABLE, client).remember('restless', 'third')).rejects.toThrow(PayoutConflictError);
  });

  it('throws on what is not a refused condition', async () => {
    await expect(open('no-such-table').remember('x', 'y')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
