import type { JsonObject, JsonValue } from '../../json.ts';
import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../resource-type.ts';
import type { DynamoDbService } from './service.ts';

const NOT_BACKED_UP = 'nothing here is backed up';

const INERT = {
  ...INERT_TAGS,
  PointInTimeRecoverySpecification: NOT_BACKED_UP,
  SSESpecification: 'tables live in memory and in --data, unencrypted',
  DeletionProtectionEnabled: 'nothing here deletes a table of the template',
  ContributorInsightsSpecification: 'there is nothing to watch',
  TableClass: 'nothing here costs money',
  OnDemandThroughput: 'nothing here is throttled',
  WarmThroughput: 'nothing here is throttled',
  KinesisStreamSpecification: 'no stream is read here',
};

const CREATE_TABLE = [
  'KeySchema',
  'AttributeDefinitions',
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
];

const KNOWN = ['TableName', 'TimeToLiveSpecification', ...CREATE_TABLE];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export const resourceTypes: ResourceTypes<{ dynamodb: DynamoDbService }> = {
  'AWS::DynamoDB::Table': { identity, create: createTable, known: KNOWN, inert: INERT },
  'AWS::DynamoDB::GlobalTable': {
    identity,
    create: createGlobalTable,
    known: [...KNOWN, 'Replicas'],
    inert: {
      ...INERT,
      WriteProvisionedThroughputSettings: 'nothing here is throttled',
      WriteOnDemandThroughputSettings: 'nothing here is throttled',
    },
  },
};

function identity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const name = physicalName(logicalId, properties['TableName']);
  return { ref: name, attributes: { Arn: `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}` } };
}

/**
 * A global table is one table here, so it may have one replica alone. Its settings of throughput are not CreateTable's, and
 * nothing is throttled here: it is on demand.
 */
function createGlobalTable(resource: TemplateResource, services: { dynamodb: DynamoDbService }): Promise<void> {
  const { Replicas, ...properties } = resource.properties;
  if (!Array.isArray(Replicas) || Replicas.length !== 1) {
    throw new UnsupportedResource(`${resource.logicalId}: a global table of several replicas is not run here`);
  }
  return createTable({ ...resource, properties: { ...properties, BillingMode: 'PAY_PER_REQUEST' } }, services);
}

function createTable(resource: TemplateResource, { dynamodb }: { dynamodb: DynamoDbService }): Promise<void> {
  const { properties, ref: TableName } = resource;
  const input = Object.fromEntries(Object.entries(properties).filter(([name]) => CREATE_TABLE.includes(name)));
  const attribute = timeToLiveAttribute(properties['TimeToLiveSpecification']);
  const table = { BillingMode: 'PROVISIONED', ...input, TableName };
  return dynamodb.createTable({ table, ...(attribute === undefined ? {} : { timeToLiveAttribute: attribute }) });
}

function timeToLiveAttribute(specification: JsonValue | undefined): string | undefined {
  if (typeof specification !== 'object' || specification === null || Array.isArray(specification)) return undefined;
  const { Enabled, AttributeName } = specification;
  return isTrue(Enabled) && typeof AttributeName === 'string' ? AttributeName : undefined;
}

/** CloudFormation takes booleans as text too. */
function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === 'true';
}
