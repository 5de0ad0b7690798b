import { at, type Resource, resourcesOf } from '../synthesis.ts';
import { type Guard, is, isPresent, propertyRule } from './property-rule.ts';
import { type Rule, type Sabotage, type Stack, withValue } from './rule.ts';

/** Whatever calls or lets call. Alarms, dashboards and the parameter of names speak of functions and machines, and call none. */
const CALLERS = [
  'AWS::ApiGateway::Method',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
];

export const LIVE_RULES: readonly Rule[] = [
  propertyRule(
    'every alias of a function is turned by CodeDeploy, which tries the new version first',
    'AWS::Lambda::Alias',
    [
      ...['ApplicationName', 'DeploymentGroupName'].map((name) => ({
        path: ['UpdatePolicy', 'CodeDeployLambdaAliasUpdate', name, 'Ref'],
        isKept: isPresent,
      })),
      {
        path: ['UpdatePolicy', 'CodeDeployLambdaAliasUpdate', 'BeforeAllowTrafficHook', 'Ref'],
        isKept: (hook) => HOOK.test(String(hook)),
        wrong: ['FunctionsReadPayoutsFunction'],
      },
    ],
  ),
  propertyRule(
    'every deployment is undone for an error of its function, for one of the API, and when it fails',
    'AWS::CodeDeploy::DeploymentGroup',
    [
      { path: ['Properties', 'AutoRollbackConfiguration', 'Enabled'], isKept: is(true), wrong: [false] },
      {
        path: ['Properties', 'AutoRollbackConfiguration', 'Events'],
        isKept: is(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']),
        wrong: [['DEPLOYMENT_FAILURE']],
      },
      { path: ['Properties', 'AlarmConfiguration', 'Enabled'], isKept: is(true), wrong: [false] },
      {
        path: ['Properties', 'AlarmConfiguration', 'Alarms'],
        isKept: (alarms, { Properties }, { template }) => {
          const watched = (alarms as readonly unknown[]).map(
            (alarm) => template.Resources[String(at(alarm, 'Name', 'Ref'))]?.Properties,
          );
          const group = String(Properties['DeploymentGroupName']);
          return (
            watched.some((alarm) => at(alarm, 'MetricName') === '5XXError') &&
            watched.some((alarm) => at(alarm, 'MetricName') === 'Errors' && functionOf(template, alarm) === group)
          );
        },
        isAbsent: true,
        wrong: [[]],
      },
      {
        path: ['Properties', 'DeploymentConfigName'],
        isKept: is('CodeDeployDefault.LambdaCanary10Percent5Minutes'),
        wrong: ['CodeDeployDefault.LambdaAllAtOnce'],
        appliesTo: (_group, { isProduction }) => isProduction,
      },
    ],
  ),
  propertyRule(
    'every machine of production takes a tenth of what is started for five minutes first, and is turned back on an alarm that there is',
    'AWS::StepFunctions::StateMachineAlias',
    [
      { name: 'Type', kept: 'CANARY', wrong: 'ALL_AT_ONCE' },
      { name: 'Percentage', kept: 10, wrong: 100 },
      { name: 'Interval', kept: 5, wrong: 1 },
    ]
      .map(
        ({ name, kept, wrong }): Guard => ({
          path: ['Properties', 'DeploymentPreference', name],
          isKept: is(kept),
          wrong: [wrong],
          appliesTo: (_alias, { isProduction }) => isProduction,
        }),
      )
      .concat({
        path: ['Properties', 'DeploymentPreference', 'Alarms'],
        isKept: (alarms, _alias, { template }) => {
          const known = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
            ({ Properties }) => Properties['AlarmName'],
          );
          const named = (alarms ?? []) as readonly unknown[];
          return named.length > 0 && named.every((name) => known.includes(name));
        },
        wrong: [[], ['no-such-alarm']],
        appliesTo: (_alias, { isProduction }) => isProduction,
      }),
  ),
  ...['AWS::Lambda::Version', 'AWS::StepFunctions::StateMachineVersion'].map((type) =>
    propertyRule(`every ${type} outlives the deployments after it`, type, [
      { path: ['DeletionPolicy'], isKept: is('Retain'), wrong: ['Delete'] },
      { path: ['UpdateReplacePolicy'], isKept: is('Retain'), wrong: ['Delete'] },
    ]),
  ),
  {
    name: 'every function and every machine is called by its live alias',
    breaches: (stack) =>
      callersOf(stack)
        .filter(({ resource }) => callsPast(stack, resource))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      callersOf(stack).flatMap(({ logicalId, resource }) =>
        aliasesOf(stack).flatMap((alias): Sabotage[] => {
          const spoilt = alias.pointPast(JSON.stringify(resource));
          if (spoilt === JSON.stringify(resource)) return [];
          return [{ breach: logicalId, stack: withValue(stack, [logicalId], JSON.parse(spoilt)) }];
        }),
      ),
  },
];

/** The physical name of the function that an alarm on its errors watches. */
function functionOf(template: Stack['template'], alarm: unknown): unknown {
  const dimensions = (at(alarm, 'Dimensions') ?? []) as readonly unknown[];
  const name = dimensions.find((dimension) => at(dimension, 'Name') === 'FunctionName');
  return template.Resources[String(at(name, 'Value', 'Ref'))]?.Properties['FunctionName'];
}

function callersOf({ template }: Stack) {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => CALLERS.includes(Type))
    .map(([logicalId, resource]) => ({ logicalId, resource }));
}

/** What a policy lets call; turning an alias is no call. */
const CALLS = ['lambda:InvokeFunction', 'states:StartExecution', 'states:StartSyncExecution'];
/** Called by a deployment, which has put its newest code there itself. */
const HOOK = /^DeploymentsSmokeTestFunction/;

/** Whether it names a function itself, or a machine for anything but the permission to start it, which names no alias. */
function callsPast({ template }: Stack, resource: Resource): boolean {
  const functions = resourcesOf(template, 'AWS::Lambda::Function')
    .map(({ logicalId }) => logicalId)
    .filter((logicalId) => !HOOK.test(logicalId));
  const machines = resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(({ logicalId }) => logicalId);
  const text = JSON.stringify(callsOf(resource));
  const names = (ids: readonly string[]) => ids.some((id) => text.includes(`"${id}"`));
  return names(functions) || (resource.Type !== 'AWS::IAM::Policy' && names(machines));
}

function callsOf({ Type, Properties }: Resource): unknown {
  // A rule's pattern names whose events it hears; its targets are what it calls.
  if (Type === 'AWS::Events::Rule') return Properties['Targets'];
  if (Type !== 'AWS::IAM::Policy') return Properties;
  const statements = at(Properties, 'PolicyDocument', 'Statement') as readonly { readonly Action: string | string[] }[];
  return statements.filter(({ Action }) => [Action].flat().some((action) => CALLS.includes(action)));
}

/** Each alias, with how a text that calls it is made to call what is behind it. */
function aliasesOf({ template }: Stack) {
  const ofFunctions = resourcesOf(template, 'AWS::Lambda::Alias').map(({ logicalId, Properties }) => {
    const behind = JSON.stringify({ 'Fn::GetAtt': [at(Properties, 'FunctionName', 'Ref'), 'Arn'] });
    return { pointPast: (text: string) => text.replaceAll(`{"Ref":"${logicalId}"}`, behind) };
  });
  const ofMachines = resourcesOf(template, 'AWS::StepFunctions::StateMachineAlias').map(({ logicalId, Properties }) => {
    const version = String(at(Properties, 'DeploymentPreference', 'StateMachineVersionArn', 'Fn::GetAtt', 0));
    const behind = JSON.stringify(template.Resources[version]?.Properties['StateMachineArn']);
    return { pointPast: (text: string) => text.replaceAll(`{"Fn::GetAtt":["${logicalId}","Arn"]}`, behind) };
  });
  return [...ofFunctions, ...ofMachines];
}
