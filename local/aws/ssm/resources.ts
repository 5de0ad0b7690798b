import { ROOT } from '../credentials.ts';
import { INERT_TAGS, physicalName, type ResourceTypes, type TemplateResource } from '../resource-type.ts';
import type { SsmService } from './service.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
export const resourceTypes: ResourceTypes<{ ssm: SsmService }> = {
  'AWS::SSM::Parameter': {
    identity: (logicalId, properties) => {
      const { Type, Value } = properties;
      const attributes = {
        ...(typeof Type === 'string' ? { Type } : {}),
        ...(typeof Value === 'string' ? { Value } : {}),
      };
      return { ref: physicalName(logicalId, properties['Name']), attributes };
    },
    create,
    known: ['Name', 'Type', 'Value', 'Description', 'DataType', 'Tier'],
    inert: { ...INERT_TAGS, AllowedPattern: 'the value of the template is taken as it is' },
  },
};

/** What the template says replaces what was kept: the ports of this run stand in it. */
async function create(resource: TemplateResource, { ssm }: { ssm: SsmService }): Promise<void> {
  const { Tags: _tags, AllowedPattern: _pattern, ...input } = resource.properties;
  await ssm.handle({
    action: 'PutParameter',
    input: { ...input, Name: resource.ref, Overwrite: true },
    principal: ROOT,
  });
}
