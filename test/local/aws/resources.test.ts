import { afterAll, expect, test } from 'vitest';
import { refuseUnknownProperties, type TemplateResource } from '../../../local/aws/resource-type.ts';
import { awsResourceTypes } from '../../../local/aws/resources.ts';
import { createAwsServices } from '../../../local/aws/services.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/json.ts';

const clock = new ShiftableClock();
const services = createAwsServices({ clock });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
afterAll(() => clock.stop());

function resource(type: string, properties: JsonObject = {}): TemplateResource {
  const resourceType = awsResourceTypes[type];
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
  for (const [type, resourceType] of Object.entries(awsResourceTypes)) {
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
  const role = resource('AWS::IAM::Role');
  await awsResourceTypes['AWS::IAM::Role']?.create(role, services);
  const made = services.credentials.forRole(role.attributes['Arn'] ?? '');
  expect(services.credentials.find(made.accessKeyId)).toEqual(made);
});
