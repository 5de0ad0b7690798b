import type { JsonObject } from '../../json.ts';
import { INERT_TAGS, physicalName, type ResourceTypes } from '../resource-type.ts';
import type { CodeDeployService } from './service.ts';

const NOTHING_SHIFTS =
  'the template is deployed once here, so no deployment shifts requests from one version to another';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CodeDeploy.html */
export const resourceTypes: ResourceTypes<{ readonly codeDeploy: Pick<CodeDeployService, 'addGroup'> }> = {
  'AWS::CodeDeploy::Application': {
    identity: (logicalId, properties) => ({
      ref: physicalName(logicalId, properties['ApplicationName']),
      attributes: {},
    }),
    create: () => undefined,
    known: ['ApplicationName'],
    inert: { ...INERT_TAGS, ComputePlatform: NOTHING_SHIFTS },
  },
  'AWS::CodeDeploy::DeploymentGroup': {
    identity: (logicalId, properties) => ({
      ref: physicalName(logicalId, properties['DeploymentGroupName']),
      attributes: {},
    }),
    create: ({ logicalId, properties, ref }, { codeDeploy }) => {
      codeDeploy.addGroup(ref, groupPath(logicalId, properties));
    },
    known: ['ApplicationName', 'DeploymentGroupName'],
    inert: {
      ...INERT_TAGS,
      AlarmConfiguration: NOTHING_SHIFTS,
      AutoRollbackConfiguration: NOTHING_SHIFTS,
      DeploymentConfigName: NOTHING_SHIFTS,
      DeploymentStyle: NOTHING_SHIFTS,
      ServiceRoleArn: NOTHING_SHIFTS,
    },
  },
};

/** As the permission of a hook names it, which is all that is asked of it here. */
function groupPath(logicalId: string, properties: JsonObject): string {
  const group = physicalName(logicalId, properties['DeploymentGroupName']);
  return `${String(properties['ApplicationName'])}/${group}`;
}
