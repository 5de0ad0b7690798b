import { describe, expect, it } from 'vitest';
import { Authority } from '../../../../local/aws/iam/authority.ts';
import { toContext } from '../../../../local/aws/iam/condition.ts';
import { checkDeployment } from '../../../../local/aws/iam/deployment-checks.ts';
import { readPolicies } from '../../../../local/aws/iam/policies.ts';
import type { TemplateResource } from '../../../../local/aws/resource-type.ts';
import type { JsonObject } from '../../../../local/json.ts';

const ARN = 'arn:aws:iam::000000000000:role/Worker';
const SESSION = 'arn:aws:sts::000000000000:assumed-role/Worker/local';
const FUNCTION = 'arn:aws:lambda:ap-southeast-2:000000000000:function:read';
const METHOD = 'arn:aws:execute-api:ap-southeast-2:000000000000:api/dev/GET/payouts';
const KEY = 'arn:aws:kms:ap-southeast-2:000000000000:key/k';

const resource = (type: string, properties: JsonObject, others: Partial<TemplateResource> = {}): TemplateResource => ({
  logicalId: 'Thing',
  type,
  properties,
  ref: 'thing',
  attributes: {},
  ...others,
});

const trustIn = (service: string): JsonObject => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});

const role = (properties: JsonObject) =>
  resource(
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: trustIn('lambda.amazonaws.com'), ...properties },
    { logicalId: 'Role', ref: 'Worker', attributes: { Arn: ARN } },
  );

const permitting = (Action: string): JsonObject => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

function authorityOf(...resources: TemplateResource[]): Authority {
  const authority = new Authority();
  authority.load(readPolicies(resources));
  return authority;
}

const mayDo = (action: string, ...resources: TemplateResource[]) =>
  authorityOf(...resources).refusal(SESSION, { action, resource: 'arn:aws:x:r:1:thing' }) === undefined;

describe('the policies of a role', () => {
  it('come from wherever the template writes them', () => {
    const managed = resource(
      'AWS::IAM::ManagedPolicy',
      { PolicyDocument: permitting('a:Managed') },
      { ref: 'arn:own' },
    );
    const attached = resource('AWS::IAM::ManagedPolicy', {
      PolicyDocument: permitting('a:Attached'),
      Roles: ['Worker'],
    });
    const inline = [{ PolicyName: 'p', PolicyDocument: permitting('a:Inline') }];
    const ManagedPolicyArns = ['arn:own', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'];
    const all = [role({ Policies: inline, ManagedPolicyArns }), managed, attached];

    const actions = ['a:Managed', 'a:Attached', 'a:Inline', 'logs:PutLogEvents'];
    expect([...actions, 'a:Other'].filter((action) => mayDo(action, ...all))).toEqual(actions);
  });

  it('of another role are not its own', () => {
    const other = resource('AWS::IAM::Policy', { PolicyDocument: permitting('a:b'), Roles: ['Other'] });
    expect(mayDo('a:b', role({}), other)).toBe(false);
  });

  it('are refused by name where AWS keeps them and we do not know them', () => {
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    expect(() => authorityOf(role({ ManagedPolicyArns }))).toThrow(
      'Role: the managed policy arn:aws:iam::aws:policy/AdministratorAccess is not known here',
    );
  });
});

describe('the permission of a function', () => {
  const permission = resource('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: FUNCTION,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `${METHOD}/*`,
    SourceAccount: '000000000000',
  });
  const refusalOf = (caller: string, resourceArn: string, from: string, account = '000000000000') =>
    authorityOf(permission).refusal(caller, {
      action: 'lambda:InvokeFunction',
      resource: resourceArn,
      context: toContext({ 'aws:SourceArn': from, 'aws:SourceAccount': account }),
    });

  it('is for one service, one function and the methods it names', () => {
    const gateway = 'apigateway.amazonaws.com';
    expect(refusalOf(gateway, FUNCTION, `${METHOD}/{id}`)).toBeUndefined();
    expect(refusalOf('sns.amazonaws.com', FUNCTION, `${METHOD}/{id}`)).toBeDefined();
    expect(refusalOf(gateway, `${FUNCTION}:live`, `${METHOD}/{id}`)).toBeDefined();
    expect(refusalOf(gateway, FUNCTION, METHOD)).toBeDefined();
    expect(refusalOf(gateway, FUNCTION, `${METHOD}/{id}`, '111111111111')).toBeDefined();
  });
});

describe('a deployment', () => {
  const checked = (...resources: TemplateResource[]) => checkDeployment(resources, authorityOf(...resources));
  const fn = resource('AWS::Lambda::Function', { Role: ARN }, { logicalId: 'Fn' });
  const machine = resource('AWS::StepFunctions::StateMachine', { RoleArn: ARN }, { logicalId: 'Machine' });

  it('fails for a role that the service may not assume, which it names', () => {
    expect(() => checked(role({}), fn)).not.toThrow();
    expect(() => checked(role({}), machine)).toThrow(`Machine: states.amazonaws.com may not assume ${ARN}`);
    const AssumeRolePolicyDocument = trustIn('states.amazonaws.com');
    expect(() => checked(role({ AssumeRolePolicyDocument }), fn)).toThrow('Fn: lambda.amazonaws.com may not assume');
  });

  it('fails for a log group whose key is not open to CloudWatch Logs for it', () => {
    const key = (groups: string) =>
      resource(
        'AWS::KMS::Key',
        {
          KeyPolicy: {
            Statement: {
              Effect: 'Allow',
              Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'],
              Resource: '*',
              Principal: { Service: 'logs.ap-southeast-2.amazonaws.com' },
              Condition: {
                ArnLike: {
                  'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:ap-southeast-2:000000000000:log-group:${groups}`,
                },
              },
            },
          },
        },
        { attributes: { Arn: KEY } },
      );
    const group = resource('AWS::Logs::LogGroup', { KmsKeyId: KEY }, { logicalId: 'Group', ref: '/aws/lambda/a' });
    expect(() => checked(key('/aws/lambda/*'), group)).not.toThrow();
    expect(() => checked(key('/aws/states/*'), group)).toThrow(
      'Group: logs.ap-southeast-2.amazonaws.com may not kms:Encrypt',
    );
  });
});
