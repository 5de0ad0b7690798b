import { Stack } from 'aws-cdk-lib';
import type { Stage as ApiStage } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import { encryptedLogGroup } from './log-group.ts';
import { visibilityOf, type WebAclSettings, webAclRules } from './web-acl-rules.ts';

export type WebAclProps = {
  readonly stage: Stage;
  readonly settings: WebAclSettings;
  readonly names: Names;
  readonly logKey: IKey;
  readonly apiStage: ApiStage;
};

/** What carries a credential or quotes one, and must not lie in a log. */
const REDACTED_HEADERS = ['authorization', 'x-amz-security-token', 'cookie'];

/** The firewall before the API. It refuses what is no request of ours before a signature is even looked at. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, settings, names, logKey, apiStage }: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      name: names.webAcl,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: webAclRules(stage.name, settings),
      visibilityConfig: visibilityOf(names.webAcl),
    });
    new CfnWebACLAssociation(this, 'Association', { webAclArn: acl.attrArn, resourceArn: apiStage.stageArn });
    this.#logs(acl, stage, names, logKey);
  }

  /** What was refused or counted, without the headers that carry credentials and without queries. What was let through has the access log. */
  #logs(acl: CfnWebACL, stage: Stage, names: Names, logKey: IKey): void {
    const group = encryptedLogGroup(this, 'Logs', { logGroupName: names.logGroups.webAcl, stage, key: logKey });
    const redactedFields = [...REDACTED_HEADERS.map((Name) => ({ singleHeader: { Name } })), { queryString: {} }];
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // Logs has no `:*` here, which WAF refuses.
      logDestinationConfigs: [
        Stack.of(this).formatArn({ service: 'logs', resource: `log-group:${group.logGroupName}` }),
      ],
      redactedFields,
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    });
  }
}
