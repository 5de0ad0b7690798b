import { at, type Resource, resourcesOf } from '../synthesis.ts';
import { is, propertyRule } from './property-rule.ts';
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

function callersOf({ template }: Stack) {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => CALLERS.includes(Type))
    .map(([logicalId, resource]) => ({ logicalId, resource }));
}

/** Whether it names a function itself, or a machine for anything but the permission to start it, which names no alias. */
function callsPast({ template }: Stack, resource: Resource): boolean {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map(({ logicalId }) => logicalId);
  const machines = resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(({ logicalId }) => logicalId);
  // A rule's pattern names whose events it hears; its targets are what it calls.
  const text = JSON.stringify(
    resource.Type === 'AWS::Events::Rule' ? resource.Properties['Targets'] : resource.Properties,
  );
  const names = (ids: readonly string[]) => ids.some((id) => text.includes(`"${id}"`));
  return names(functions) || (resource.Type !== 'AWS::IAM::Policy' && names(machines));
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
