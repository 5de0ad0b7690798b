import { describe, expect, it } from 'vitest';
import { toContext } from '../../../../local/aws/iam/condition.ts';
import { evaluate } from '../../../../local/aws/iam/evaluate.ts';
import { compilePolicy } from '../../../../local/aws/iam/statement.ts';
import type { JsonObject } from '../../../../local/json.ts';

const TABLE = 'arn:aws:dynamodb:ap-southeast-2:000000000000:table/notes';

const allow = (others: JsonObject): JsonObject => ({ Effect: 'Allow', Action: '*', Resource: '*', ...others });

type Asked = { action?: string; resource?: string; context?: Record<string, string | readonly string[]> };

function ask(statements: JsonObject[], { action = 'dynamodb:GetItem', resource = TABLE, context = {} }: Asked = {}) {
  const compiled = compilePolicy({ Statement: statements }, 'P', 'identity');
  return evaluate(compiled, { action, resource, context: toContext(context) });
}

describe('a set of statements', () => {
  it('refuses what nothing allows', () => {
    expect(ask([])).toEqual({ isAllowed: false, reason: 'no-allow' });
  });

  it('says which statement, action and resource allowed', () => {
    const others = allow({ Action: 'sqs:SendMessage' });
    expect(ask([others, allow({ Action: ['dynamodb:Query', 'dynamodb:GetItem'], Resource: [TABLE] })])).toMatchObject({
      isAllowed: true,
      statement: { name: 'P[1]' },
      action: { text: 'dynamodb:GetItem' },
      resource: { text: TABLE },
    });
  });

  it('lets a Deny win, wherever it stands', () => {
    const deny = allow({ Effect: 'Deny', Action: 'dynamodb:GetItem' });
    for (const statements of [
      [allow({}), deny],
      [deny, allow({})],
    ]) {
      expect(ask(statements)).toMatchObject({ isAllowed: false, reason: 'explicit-deny' });
    }
  });

  it('passes over a Deny whose condition does not hold', () => {
    const deny = allow({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    const context = { 'aws:SecureTransport': 'true' };
    expect(ask([allow({}), deny], { context }).isAllowed).toBe(true);
    expect(ask([allow({}), deny], { context: { 'aws:SecureTransport': 'false' } }).isAllowed).toBe(false);
  });
});

describe('an action', () => {
  it.each([
    ['dynamodb:GetItem', true],
    ['dynamodb:getitem', true],
    ['dynamodb:Get*', true],
    ['dynamodb:?etItem', true],
    ['*', true],
    ['dynamodb:Get', false],
    ['dynamodb:GetItemS', false],
    ['sqs:*', false],
  ])('%s fits GetItem: %s', (Action, isAllowed) => {
    expect(ask([allow({ Action })]).isAllowed).toBe(isAllowed);
  });
});

describe('a resource', () => {
  const queue = 'arn:aws:sqs:ap-southeast-2:000000000000:webhooks';
  const secret = 'arn:aws:secretsmanager:ap-southeast-2:000000000000:secret:monoova/dev/api-key-a1b2c3';
  const alias = 'arn:aws:lambda:ap-southeast-2:000000000000:function:submit:live';

  it.each([
    [TABLE, TABLE, true],
    [TABLE, `${TABLE}/index/ByDay`, false],
    [`${TABLE}/index/*`, `${TABLE}/index/ByDay`, true],
    [`${TABLE}*`, `${TABLE}/index/ByDay`, true],
    [TABLE.toUpperCase(), TABLE, false],
    ['arn:aws:sqs:*:*:webhooks', queue, true],
    ['arn:aws:sqs:*:webhooks', queue, false],
    ['arn:aws:sqs:*', queue, false],
    [`${secret.slice(0, -6)}??????`, secret, true],
    [secret.slice(0, -7), secret, false],
    ['arn:aws:lambda:*:*:function:submit', alias, false],
    ['arn:aws:lambda:*:*:function:submit:*', alias, true],
    ['arn:aws:states:*:*:execution:guard:*', 'arn:aws:states:ap-southeast-2:000000000000:execution:guard:txn', true],
    ['arn:aws:logs:*:*:log-group:a:*', 'arn:aws:logs:ap-southeast-2:000000000000:log-group:a:log-stream:b', true],
    ['a.b', 'axb', false],
  ])('%s fits %s: %s', (Resource, resource, isAllowed) => {
    expect(ask([allow({ Resource })], { resource }).isAllowed).toBe(isAllowed);
  });
});

describe('a condition', () => {
  const customer = 'kms:EncryptionContext:customer_id';

  it.each<[string, JsonObject, Record<string, string | readonly string[]>, boolean]>([
    ['an equal text', { StringEquals: { 'kms:ViaService': ['a', 'b'] } }, { 'kms:ViaService': 'b' }, true],
    ['another text', { StringEquals: { 'kms:ViaService': 'a' } }, { 'kms:ViaService': 'A' }, false],
    ['an absent key', { StringEquals: { 'kms:ViaService': 'a' } }, {}, false],
    ['a wildcard', { StringLike: { [customer]: 'cust-*' } }, { [customer]: 'cust-1' }, true],
    ['no wildcard in StringEquals', { StringEquals: { [customer]: 'cust-*' } }, { [customer]: 'cust-1' }, false],
    ['a key in other letters', { StringEquals: { 'KMS:viaservice': 'a' } }, { 'kms:ViaService': 'a' }, true],
    ['a key that must be there', { Null: { [customer]: 'false' } }, { [customer]: 'x' }, true],
    ['a key that must be there and is not', { Null: { [customer]: 'false' } }, {}, false],
    ['a key that must not be there', { Null: { [customer]: true } }, {}, true],
    ['an ARN', { ArnLike: { 'aws:SourceArn': 'arn:aws:x:*:1:a/*' } }, { 'aws:SourceArn': 'arn:aws:x:r:1:a/b' }, true],
    [
      'an ARN too long',
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:x:*' } },
      { 'aws:SourceArn': 'arn:aws:x:r:1:a' },
      false,
    ],
    [
      'two keys, both right',
      { StringEquals: { 'kms:ViaService': 'a', [customer]: 'b' } },
      { 'kms:ViaService': 'a', [customer]: 'b' },
      true,
    ],
    [
      'two keys, one wrong',
      { StringEquals: { 'kms:ViaService': 'a', [customer]: 'b' } },
      { 'kms:ViaService': 'a', [customer]: 'c' },
      false,
    ],
    [
      'two operators, one wrong',
      { Null: { [customer]: 'false' }, StringEquals: { [customer]: 'b' } },
      { [customer]: 'c' },
      false,
    ],
    [
      'any of many',
      { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'a' } },
      { 'kms:EncryptionContextKeys': ['b', 'a'] },
      true,
    ],
    ['any of none', { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'a' } }, {}, false],
    [
      'all of many',
      { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a', 'b'] } },
      { 'kms:EncryptionContextKeys': ['b', 'a'] },
      true,
    ],
    [
      'all of many, one more',
      { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a', 'b'] } },
      { 'kms:EncryptionContextKeys': ['b', 'c'] },
      false,
    ],
    ['all of none', { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': 'a' } }, {}, true],
  ])('on %s', (_name, Condition, context, isAllowed) => {
    expect(ask([allow({ Condition })], { context }).isAllowed).toBe(isAllowed);
  });
});

describe('what is not evaluated', () => {
  it.each<[string, JsonObject, string]>([
    ['NotAction', { NotAction: 'a:b' }, 'P[0]: NotAction is not evaluated here'],
    ['NotResource', { NotResource: '*' }, 'P[0]: NotResource is not evaluated here'],
    ['an operator', { Condition: { NumericLessThan: { 'aws:SourceArn': 1 } } }, 'operator NumericLessThan'],
    ['an operator of Object', { Condition: { toString: { 'aws:SourceArn': '1' } } }, 'operator toString'],
    ['a set operator', { Condition: { 'ForSome:StringEquals': { 'kms:EncryptionContextKeys': 'a' } } }, 'ForSome'],
    ['a key', { Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } }, 'the condition key aws:RequestTag/a'],
    ['many values without a set', { Condition: { StringEquals: { 'kms:EncryptionContextKeys': 'a' } } }, 'many'],
    ['a set over one value', { Condition: { 'ForAllValues:StringEquals': { 'kms:ViaService': 'a' } } }, 'one'],
    ['a variable', { Resource: 'arn:aws:s3:::b/${aws:username}' }, 'the policy variable'],
    ['an effect', { Effect: 'Maybe' }, 'its Effect is no effect'],
    ['a principal in the policy of a role', { Principal: '*' }, 'a Principal does not fit here'],
    ['no resource', { Resource: [] }, 'it names no Resource'],
  ])('stops the start by name: %s', (_name, others, message) => {
    expect(() => ask([allow(others)])).toThrow(message);
  });
});
