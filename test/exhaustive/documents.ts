import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { actionOf, DOCUMENTS, readRequest } from '../simulation/aws/clients.ts';
import { toSdkError } from '../simulation/aws/sdk-errors.ts';
import { Database } from '../simulation/database/database.ts';

export const TABLE = 'payouts-test-table';

/** One table in memory, and a document client whose calls are done as soon as `admit` lets them. */
export function openTable(hash: string, admit?: () => Promise<void>) {
  const database = new Database({
    shapes: [{ name: TABLE, hash, indexes: new Map() }],
    nowMs: () => 0,
    indexLagMs: () => 0,
    onWrite: () => undefined,
  });
  return { table: database.table(TABLE), client: clientOver(database, admit), database };
}

/** @param admit asked before each call; it may refuse by throwing */
export function clientOver(database: Database, admit?: () => Promise<void>): DynamoDBDocumentClient {
  const send = async (command: { readonly input: object }) => {
    await admit?.();
    try {
      return structuredClone(database.call(actionOf(command), readRequest(command.input, DOCUMENTS)));
    } catch (error) {
      throw toSdkError(error);
    }
  };
  return { send } as unknown as DynamoDBDocumentClient;
}
