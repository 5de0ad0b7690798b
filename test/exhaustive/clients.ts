import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { TaskTimedOut } from '@aws-sdk/client-sfn';
import type { HttpExchange } from '../../functions/adapters/monoova/http-exchange.ts';
import type { DestinationCipher } from '../../functions/shared/ports.ts';
import { DESTINATION } from '../fakes/world.ts';
import type { Clients } from '../simulation/aws/clients.ts';
import { readRequest } from '../simulation/aws/clients.ts';
import type { Item } from '../simulation/database/stored-value.ts';
import { toStored } from '../simulation/database/stored-value.ts';
import type { Ask, Reply } from './calls.ts';

export const CUSTOMER_ID = 'cust-1';
export const WEBHOOK_TOKEN = 'token';

const CUSTOMER = {
  customer_id: CUSTOMER_ID,
  payout_destinations: [{ id: 'dst-1', type: 'PayId', ciphertext: 'Y2lwaGVy', masked: 'ja••••' }],
};
const SECRETS = {
  'api-key': { apiKey: 'key', environment: 'sandbox', baseUrl: 'https://api.m-pay.com.au' },
  webhook: { tokens: [WEBHOOK_TOKEN] },
};

type Command = { readonly input: object };

/**
 * The clients beneath the adapters. Whatever another process can see or change is asked of the explorer, and has a moment of its
 * own. The rest is answered at once: customer, secrets and queue are always there, and the idempotency table never is, since no
 * promise rests on it.
 */
export function clientsOver(ask: Ask): Clients {
  return {
    documents: client(async (command) => {
      const request = readRequest(command.input, { read: (given) => toStored(given) as Item, write: (item) => item });
      if (request.TableName.endsWith('-customers')) return { Item: CUSTOMER };
      const reply = await ask({ to: 'dynamodb', action: ACTIONS[command.constructor.name] ?? '', request });
      return reply.kind === 'stored' ? structuredClone(reply.answer) : Promise.reject(errorOf(reply));
    }),
    dynamodb: client(() => Promise.reject(new Error('The idempotency table is away.'))),
    sfn: client(async (command) => {
      const { taskToken } = command.input as { taskToken?: string };
      if (command.constructor.name !== 'SendTaskSuccessCommand') throw notExplored(command);
      const reply = await ask({ to: 'states', action: 'SendTaskSuccess', taskToken: String(taskToken) });
      return reply.kind === 'error' ? Promise.reject(errorOf(reply)) : {};
    }),
    sqs: client(async () => ({ MessageId: 'message' })),
    secretsManager: client(async ({ input }) => {
      const name = (input as { SecretId?: string }).SecretId ?? '';
      const found = Object.entries(SECRETS).find(([suffix]) => name.includes(suffix));
      if (!found) throw new Error(`The secret ${name} is not known here.`);
      return { SecretString: JSON.stringify(found[1]) };
    }),
  };
}

/** Powertools looks at these two before it takes an object for a client. */
const CLIENT = {
  config: {},
  middlewareStack: { identify: () => ['addPowertoolsToUserAgent'], addRelativeTo: () => undefined },
};

function client<Client>(send: (command: Command) => Promise<object>): Client {
  return { ...CLIENT, send } as unknown as Client;
}

const ACTIONS: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  DeleteCommand: 'DeleteItem',
};

function notExplored(command: Command): Error {
  return new TypeError(`${command.constructor.name} is a call that is not explored.`);
}

export function exchangeOver(ask: Ask): HttpExchange {
  return async ({ method }) => {
    const reply = await ask({ to: 'monoova', method });
    return reply.kind === 'http' ? reply.outcome : Promise.reject(errorOf(reply));
  };
}

export const cipher: DestinationCipher = { encrypt: async () => 'Y2lwaGVy', decrypt: async () => DESTINATION };

function errorOf(reply: Reply): Error {
  const name = reply.kind === 'error' ? reply.name : `an answer of another kind: ${reply.kind}`;
  const said = { message: name, $metadata: {} };
  if (name === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(said);
  if (name === 'TaskTimedOut') return new TaskTimedOut(said);
  return Object.assign(new Error('The SDK gave up.'), { name });
}
