import { Validations } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** API Gateway writes the logs of every REST API of an account and region with one role. A stage that owned it would take it from the others when it went. */
export class ApiGatewayLogs extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: 'Lets API Gateway write its logs.',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'API Gateway takes one role for all REST APIs of an account and region, and AWS documents this managed policy as what it needs ' +
        '(API Gateway developer guide, "Set up CloudWatch logging for REST APIs"). The role can be assumed by that service alone.',
    });
    new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn }).node.addDependency(role);
  }
}
