import type { JsonObject } from '../../json.ts';
import {
  type Identity,
  INERT_TAGS,
  inertType,
  type Placement,
  physicalName,
  type ResourceTypes,
} from '../resource-type.ts';
import { type LogsService, logGroupArn } from './service.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
export const resourceTypes: ResourceTypes<{ logs: LogsService }> = {
  'AWS::Logs::LogGroup': {
    identity,
    create: (resource, { logs }) => logs.createGroup(resource.ref),
    known: ['LogGroupName'],
    inert: {
      ...INERT_TAGS,
      RetentionInDays: 'a group keeps its newest 100,000 lines, for as long as the run lasts',
      KmsKeyId: 'lines live in memory, unencrypted',
      LogGroupClass: 'nothing here costs money',
      DeletionProtectionEnabled: 'nothing here deletes a log group',
    },
  },
  'AWS::Logs::MetricFilter': inertType('no metrics are collected here', [
    'FilterName',
    'FilterPattern',
    'LogGroupName',
    'MetricTransformations',
    'ApplyOnTransformedLogs',
  ]),
  'AWS::Logs::QueryDefinition': inertType('Logs Insights is not run here', [
    'Name',
    'LogGroupNames',
    'QueryString',
    'QueryLanguage',
  ]),
  'AWS::Logs::ResourcePolicy': inertType('what it lets other services write is written here without them', [
    'PolicyName',
    'PolicyDocument',
    'ResourceArn',
  ]),
};

function identity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const name = physicalName(logicalId, properties['LogGroupName']);
  return { ref: name, attributes: { Arn: logGroupArn(name, place) } };
}
