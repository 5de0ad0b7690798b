import { resourceTypes as apiGateway } from '../api-gateway/resources.ts';
import { resourceTypes as codeDeploy } from '../aws/codedeploy/resources.ts';
import { resourceTypes as dynamodb } from '../aws/dynamodb/resources.ts';
import { resourceTypes as iam } from '../aws/iam/resources.ts';
import { resourceTypes as kms } from '../aws/kms/resources.ts';
import { resourceTypes as logs } from '../aws/logs/resources.ts';
import type { Identity, Placement, ResourceType, ResourceTypes } from '../aws/resource-type.ts';
import { resourceTypes as scheduler } from '../aws/scheduler/resources.ts';
import { resourceTypes as secretsManager } from '../aws/secrets-manager/resources.ts';
import { resourceTypes as sns } from '../aws/sns/resources.ts';
import { resourceTypes as sqs } from '../aws/sqs/resources.ts';
import { resourceTypes as ssm } from '../aws/ssm/resources.ts';
import type { JsonObject } from '../json.ts';
import { resourceTypes as lambda } from '../lambda/resources.ts';
import type { Services } from './services.ts';
import { resourceTypes as stepFunctions } from './state-machines.ts';
import { TemplateError } from './template-error.ts';

/** What is run: each type is made by the service it belongs to, which also says which of its properties have no effect. */
export const RUN: ResourceTypes<Services> = {
  ...apiGateway,
  ...codeDeploy,
  ...dynamodb,
  ...iam,
  ...kms,
  ...lambda,
  ...logs,
  ...scheduler,
  ...secretsManager,
  ...sns,
  ...sqs,
  ...ssm,
  ...stepFunctions,
};

const NO_METRICS = 'no metrics are collected here';
const ONLY_LOCAL = 'every request comes from this machine';

/** What has no effect here, whatever its properties, each with its reason. */
export const INERT: Readonly<Record<string, string>> = {
  'AWS::Budgets::Budget': 'nothing here costs money',
  'AWS::CDK::Metadata': 'it only describes the template',
  'AWS::CloudWatch::Alarm': NO_METRICS,
  'AWS::CloudWatch::CompositeAlarm': NO_METRICS,
  'AWS::CloudWatch::Dashboard': NO_METRICS,
  'AWS::Events::Rule':
    'nobody here sends events; a guard that fails is told by its own message, and seen in the console',
  'AWS::Lambda::EventInvokeConfig': 'nothing here invokes a function asynchronously',
  'AWS::Logs::QueryDefinition': 'Logs Insights is not run here; `payouts explain` reads the same lines',
  'AWS::WAFv2::WebACL': ONLY_LOCAL,
  'AWS::WAFv2::WebACLAssociation': ONLY_LOCAL,
};

/** The type as it is run; undefined for one that is inert. @throws {TemplateError} for any other, by its name */
export function typeNamed(type: string, logicalId: string): ResourceType<Services> | undefined {
  const found = RUN[type];
  if (found) return found;
  if (Object.hasOwn(INERT, type)) return undefined;
  throw new TemplateError(
    `${type} ${logicalId} is not run locally: add it to what runs or to what is inert in local/template/resource-types.ts`,
  );
}

/** @throws {TemplateError} for a type that is neither run nor inert here */
export function identify(type: string, logicalId: string, properties: JsonObject, place: Placement): Identity {
  return typeNamed(type, logicalId)?.identity(logicalId, properties, place) ?? inertIdentity(type, logicalId, place);
}

/** Enough for others to refer to it: nothing here acts on an inert resource. */
function inertIdentity(type: string, logicalId: string, { region, accountId }: Placement): Identity {
  const service = (type.split('::')[1] ?? '').toLowerCase();
  const Arn = `arn:aws:${service}:${region}:${accountId}:${logicalId}`;
  return { ref: logicalId, attributes: { Arn, Id: logicalId } };
}
