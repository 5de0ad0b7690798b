import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JsonObject } from '../../../local/json.ts';
import type { Caller } from '../caller.ts';
import type { Database, Request } from '../database/database.ts';
import { fromAttributes, type Item, toAttributes, toStored } from '../database/stored-value.ts';
import { joined } from '../joined.ts';
import type { Surroundings } from '../surroundings.ts';
import { callThroughSdk } from './sdk-call.ts';
import type { CallService } from './services.ts';

/** What the fake clients reach. */
export type Cloud = {
  readonly database: Database;
  readonly call: CallService;
};

type Command = { readonly input: object };
type Send = (command: Command) => Promise<object>;

/** Powertools looks at these two before it takes an object for a client. */
const CLIENT = {
  config: {},
  middlewareStack: { identify: () => ['addPowertoolsToUserAgent'], addRelativeTo: () => undefined },
};

/**
 * The AWS clients of one execution environment, by `send(command)` alone. `current` is the invocation at work: an environment
 * has one at a time.
 */
export function createClients(around: Surroundings, cloud: Cloud, current: () => Caller) {
  const overSdk = (service: string, perform: (action: string, input: JsonObject) => JsonObject): Send => {
    return (command) => {
      const action = actionOf(command);
      const input = command.input as JsonObject;
      return callThroughSdk(around, { caller: current(), service, action, perform: () => perform(action, input) });
    };
  };
  const client = <Client>(send: Send) => ({ ...CLIENT, send }) as unknown as Client;
  const service = (name: string) => overSdk(name, (action, input) => cloud.call(name, action, input));
  return {
    documents: client<DynamoDBDocumentClient>(sendToDatabase(around, cloud.database, current, DOCUMENTS)),
    dynamodb: client<DynamoDBClient>(sendToDatabase(around, cloud.database, current, WIRE)),
    sfn: client<SFNClient>((command) => service('states')(command).then(withDates)),
    sqs: client<SQSClient>(service('sqs')),
    secretsManager: client<SecretsManagerClient>(service('secretsmanager')),
  };
}

/** The wire has seconds where the SDK has dates. */
function withDates(output: object): object {
  const { startDate } = output as { readonly startDate?: number };
  return startDate === undefined ? output : { ...output, startDate: new Date(startDate * 1000) };
}

export type Clients = ReturnType<typeof createClients>;

type Form = { readonly read: (given: object) => Item; readonly write: (item: Item) => object };

/** Plain objects, as the document client takes and gives them. */
export const DOCUMENTS: Form = { read: (given) => toStored(given) as Item, write: (item) => item };
/** Attribute values, as the bare client takes and gives them. */
const WIRE: Form = { read: (given) => fromAttributes(given as JsonObject), write: toAttributes };

function sendToDatabase(around: Surroundings, database: Database, current: () => Caller, form: Form): Send {
  return (command) => {
    const action = actionOf(command);
    const request = readRequest(command.input, form);
    const perform = () => database.call(action, request);
    const detailed = joined(action, ' ', describe(request));
    return callThroughSdk(around, { caller: current(), service: 'dynamodb', action: detailed, perform }).then(
      (answer) => {
        const { Item, Items, Attributes, LastEvaluatedKey } = answer;
        return {
          ...answer,
          ...(Item && { Item: form.write(Item) }),
          ...(Items && { Items: Items.map(form.write) }),
          ...(Attributes && { Attributes: form.write(Attributes) }),
          ...(LastEvaluatedKey && { LastEvaluatedKey: form.write(LastEvaluatedKey) }),
        };
      },
    );
  };
}

/** Of BatchGetItem, whose requests stand one level deeper, plain as the document client gives them. */
function tablesOf({ RequestItems }: Request): string {
  return Object.keys(RequestItems ?? {}).join(' ');
}

const ITEMS = ['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey'] as const;

export function readRequest(input: object, form: Form): Request {
  const request: Record<string, unknown> = { ...input };
  for (const name of ITEMS) if (request[name] !== undefined) request[name] = form.read(request[name] as object);
  return request as Request;
}

/** A request of a state machine, which speaks the wire. */
export function readWireRequest(input: JsonObject): Request {
  return readRequest(input, WIRE);
}

/** The table without its stage, and what the condition is about: enough to tell a fence from a fact. */
export function describe(request: Request): string {
  const { TableName, IndexName, ConditionExpression = '', ExpressionAttributeNames: names }: Partial<Request> = request;
  const tableName = TableName ?? tablesOf(request);
  const table = tableName.slice(tableName.lastIndexOf('-') + 1);
  if (ConditionExpression === '') return IndexName === undefined ? table : `${table} ${IndexName}`;
  const about = new Set(wordsOf(ConditionExpression).map((word) => names?.[word] ?? word));
  return [table, IndexName, ...about].filter(Boolean).join(' ');
}

/** Conditions come from code and definitions, so they are few. */
const words = new Map<string, readonly string[]>();

function wordsOf(condition: string): readonly string[] {
  const known = words.get(condition);
  if (known) return known;
  const found = condition.match(/(?<![:\w])#?[a-z_]+\b(?!\()/g) ?? [];
  words.set(condition, found);
  return found;
}

/** `GetItemCommand` of one library and `GetCommand` of another are one action. */
export function actionOf(command: Command): string {
  const name = command.constructor.name.slice(0, -'Command'.length);
  return DOCUMENT_ACTIONS[name] ?? name;
}

const DOCUMENT_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  BatchGet: 'BatchGetItem',
};
