import type { JsonObject } from '../../../json.ts';
import { ACCOUNT_ID } from '../../account.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { type Account, arn, isKeyNeed, keyNeeds, type ServiceRequests, textIn } from './need.ts';

/** Actions that touch items, and those that only describe: the latter need no key. */
const ON_ITEMS: ReadonlySet<string> = new Set(['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem']);
const ON_BATCHES: ReadonlySet<string> = new Set(['BatchGetItem', 'BatchWriteItem']);
const ON_TABLES: ReadonlySet<string> = new Set(['DescribeTable', 'DescribeTimeToLive']);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamodb: ServiceRequests = {
  needs(action, input, account) {
    const name = `dynamodb:${action}`;
    if (action === 'ListTables') return [{ action: name, resource: '*' }];
    if (ON_TABLES.has(action)) return [{ action: name, resource: tableArn(textIn(input, 'TableName')) }];
    if (ON_BATCHES.has(action)) {
      return tablesIn(input).flatMap((table) => [{ action: name, resource: table }, ...decryption(account, table)]);
    }
    if (!ON_ITEMS.has(action)) throw unknownAction('dynamodb', action);
    const table = tableArn(textIn(input, 'TableName'));
    const index = textIn(input, 'IndexName');
    return [
      { action: name, resource: index === '' ? table : `${table}/index/${index}` },
      ...decryption(account, table),
    ];
  },
  refusal: (message, need) =>
    new AwsError('AccessDeniedException', isKeyNeed(need) ? `KMS key access denied error: ${message}` : message),
};

/**
 * To use a table is to have its table key decrypted, as the principal who uses it
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html). DynamoDB remembers a
 * table key for five minutes and principal; here every call asks.
 */
function decryption(account: Account, table: string): Need[] {
  const tableName = table.slice(table.lastIndexOf('/') + 1);
  const encryptionContext = { 'aws:dynamodb:tableName': tableName, 'aws:dynamodb:subscriberId': ACCOUNT_ID };
  return keyNeeds(account, table, { service: 'dynamodb', actions: ['kms:Decrypt'], encryptionContext });
}

function tablesIn(input: JsonObject): string[] {
  const { RequestItems } = input;
  return typeof RequestItems === 'object' && RequestItems !== null ? Object.keys(RequestItems).map(tableArn) : [];
}

function tableArn(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arn('dynamodb', `table/${nameOrArn}`);
}
