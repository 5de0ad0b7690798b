import { expect, test } from 'vitest';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { resourceTypes as dynamodb } from '../../../local/aws/dynamodb/resources.ts';
import { resourceTypes as iam } from '../../../local/aws/iam/resources.ts';
import { resourceTypes as kms } from '../../../local/aws/kms/resources.ts';
import { resourceTypes as logs } from '../../../local/aws/logs/resources.ts';
import { refuseUnknownProperties, type TemplateResource } from '../../../local/aws/resource-type.ts';
import { resourceTypes as secretsManager } from '../../../local/aws/secrets-manager/resources.ts';
import { resourceTypes as sns } from '../../../local/aws/sns/resources.ts';
import { resourceTypes as sqs } from '../../../local/aws/sqs/resources.ts';
import { resourceTypes as ssm } from '../../../local/aws/ssm/resources.ts';
import type { JsonObject } from '../../../local/json.ts';

const types = { ...dynamodb, ...iam, ...kms, ...logs, ...secretsManager, ...sns, ...sqs, ...ssm };
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };

function resource(type: string, properties: JsonObject = {}): TemplateResource {
  const resourceType = types[type];
  if (!resourceType) throw new Error(`no ${type}`);
  return { logicalId: 'Thing', type, properties, ...resourceType.identity('Thing', properties, PLACE) };
}

test.each([
  ['AWS::SQS::Queue', 'http://127.0.0.1:3001/000000000000/Thing', 'arn:aws:sqs:ap-southeast-2:000000000000:Thing'],
  ['AWS::DynamoDB::Table', 'Thing', 'arn:aws:dynamodb:ap-southeast-2:000000000000:table/Thing'],
  ['AWS::Logs::LogGroup', 'Thing', 'arn:aws:logs:ap-southeast-2:000000000000:log-group:Thing:*'],
  ['AWS::IAM::Role', 'Thing', 'arn:aws:iam::000000000000:role/Thing'],
])('%s is known by its name before it is made', (type, ref, arn) => {
  const { ref: found, attributes } = resource(type);
  expect([found, attributes['Arn']]).toEqual([ref, arn]);
});

test('a key and a secret have the same identity at each start', () => {
  for (const type of ['AWS::KMS::Key', 'AWS::SecretsManager::Secret']) expect(resource(type)).toEqual(resource(type));
  expect(resource('AWS::KMS::Key').ref).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a property that is neither run nor inert is refused by name, and every inert one says why', () => {
  for (const [type, resourceType] of Object.entries(types)) {
    const odd = { ...resource(type), properties: { Colour: 'red' } };
    expect(() => refuseUnknownProperties(odd, resourceType)).toThrow(`Thing: ${type}.Colour is not run here`);
    for (const [property, reason] of Object.entries(resourceType.inert)) {
      expect(resourceType.known).not.toContain(property);
      expect(reason).toMatch(/\w+ \w+/);
    }
  }
});

test('a name that is still an intrinsic is refused, not guessed', () => {
  expect(() => resource('AWS::SQS::Queue', { QueueName: { Ref: 'Name' } })).toThrow('Thing');
});

test('a role of the template can sign from the start', async () => {
  const credentials = new CredentialStore();
  const role = resource('AWS::IAM::Role');
  await iam['AWS::IAM::Role']?.create(role, { credentials });
  const made = credentials.forRole(role.attributes['Arn'] ?? '');
  expect(credentials.find(made.accessKeyId)).toEqual(made);
});
