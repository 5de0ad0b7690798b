import { resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

/**
 * CloudFormation refuses a stack whose resources wait for each other, and CDK does not look. An alias waits for the deployment group that its
 * update policy names, so that nothing which that group waits for may wait for an alias.
 */
export const DEPENDENCY_RULES: readonly Rule[] = [
  {
    name: 'no resource waits for itself',
    breaches: (stack) => {
      const waits = waitsIn(stack);
      return [...waits.keys()].filter((logicalId) => reaches(waits, logicalId));
    },
    sabotages: (stack) =>
      resourcesOf(stack.template, 'AWS::CodeDeploy::DeploymentGroup').map((group) => {
        const alias = resourcesOf(stack.template, 'AWS::Lambda::Alias').find((one) =>
          JSON.stringify(one).includes(`"${group.logicalId}"`),
        );
        return {
          breach: group.logicalId,
          stack: withValue(stack, [group.logicalId, 'DependsOn'], [alias?.logicalId]),
        };
      }),
  },
];

type Waits = ReadonlyMap<string, ReadonlySet<string>>;

/** By each resource: those that have to be there before it. */
function waitsIn({ template }: Stack): Waits {
  return new Map(
    Object.entries(template.Resources).map(([logicalId, resource]) => {
      const { DependsOn = [], ...declared } = resource;
      const named = [...[DependsOn].flat(), ...referencesIn({ ...declared, Metadata: undefined })];
      return [logicalId, new Set(named.filter((name) => name in template.Resources))] as const;
    }),
  );
}

const IN_TEXT = /\$\{([A-Za-z0-9]+)[.}]/g;

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(member) ? member[0] : member).split('.')[0] ?? ''];
    const inText = key === 'Fn::Sub' ? [...JSON.stringify(member).matchAll(IN_TEXT)].map(([, name = '']) => name) : [];
    return [...inText, ...referencesIn(member)];
  });
}

function reaches(waits: Waits, target: string): boolean {
  const seen = new Set<string>();
  const open = [...(waits.get(target) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === target) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(waits.get(next) ?? []));
  }
  return false;
}
