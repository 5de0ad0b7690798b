import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { SendTaskSuccessCommand, type SFNClient, TaskTimedOut } from '@aws-sdk/client-sfn';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { HttpExchange } from '../../functions/adapters/monoova/http-exchange.ts';
import { fromItem, toItem } from '../support/item-store/attribute-value.ts';
import type { ItemAction, ItemRequest } from '../support/item-store/item-operations.ts';
import type { Ask, Reply } from './calls.ts';

/** The clients beneath the adapters: each call of theirs is one question to the explorer. */

export function documentClientOver(ask: Ask): DynamoDBDocumentClient {
  async function send(command: unknown) {
    const { action, input } = readCommand(command);
    const { TableName, Key, Item, ExpressionAttributeValues, ...rest } = input;
    const request = {
      ...rest,
      ...(Key && { Key: toItem(Key) }),
      ...(Item && { Item: toItem(Item) }),
      ...(ExpressionAttributeValues && { ExpressionAttributeValues: toItem(ExpressionAttributeValues) }),
    } as ItemRequest;
    const reply = await ask({ to: 'dynamodb', action, table: String(TableName), request });
    if (reply.kind !== 'stored') throw errorOf(reply);
    const { Item: item, Attributes: attributes } = reply.output;
    return { ...(item && { Item: fromItem(item) }), ...(attributes && { Attributes: fromItem(attributes) }) };
  }
  return { send } as unknown as DynamoDBDocumentClient;
}

type Input = Record<string, unknown> & {
  readonly TableName?: string | undefined;
  readonly Key?: object | undefined;
  readonly Item?: object | undefined;
  readonly ExpressionAttributeValues?: object | undefined;
};

function readCommand(command: unknown): { action: ItemAction; input: Input } {
  if (command instanceof GetCommand) return { action: 'GetItem', input: { ...command.input } };
  if (command instanceof PutCommand) return { action: 'PutItem', input: { ...command.input } };
  if (command instanceof UpdateCommand) return { action: 'UpdateItem', input: { ...command.input } };
  if (command instanceof DeleteCommand) return { action: 'DeleteItem', input: { ...command.input } };
  throw new TypeError('A call of DynamoDB that is not explored.');
}

export function taskTokenClientOver(ask: Ask): SFNClient {
  async function send(command: unknown) {
    if (!(command instanceof SendTaskSuccessCommand))
      throw new TypeError('A call of Step Functions that is not explored.');
    const reply = await ask({ to: 'states', action: 'SendTaskSuccess', taskToken: String(command.input.taskToken) });
    if (reply.kind === 'error') throw errorOf(reply);
    return {};
  }
  return { send } as unknown as SFNClient;
}

export function exchangeOver(ask: Ask): HttpExchange {
  return async ({ method }) => {
    const reply = await ask({ to: 'monoova', method });
    if (reply.kind === 'http') return reply.outcome;
    throw errorOf(reply);
  };
}

function errorOf(reply: Reply): Error {
  const name = reply.kind === 'error' ? reply.name : `an answer of another kind: ${reply.kind}`;
  const said = { message: name, $metadata: {} };
  if (name === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(said);
  if (name === 'TaskTimedOut') return new TaskTimedOut(said);
  return Object.assign(new Error('The SDK gave up.'), { name });
}
