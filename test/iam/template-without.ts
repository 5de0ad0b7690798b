import type { Grant } from '../../local/aws/iam/grants.ts';
import { grantsOf } from '../../local/aws/iam/grants.ts';
import { readPolicies } from '../../local/aws/iam/policies.ts';
import type { JsonObject, JsonValue } from '../../local/json.ts';
import type { ResolvedResource } from '../../local/template/resolve.ts';
import type { TestRun } from '../support/local-run.ts';

/** A grant by the action in full, and parts of the names of its holder, of its resource and of its condition. */
export type GrantName = {
  readonly holder: string;
  readonly action: string;
  readonly resource?: string;
  readonly condition?: string;
};

/** What is taken away of each run at the moment. */
const absent = new WeakMap<TestRun['authority'], Set<GrantName>>();

/**
 * Takes grants out of the run's template, from the next call on, and gives back what puts them in again. What others have taken away
 * stays away.
 *
 * @throws where a name means no grant of the template, or several
 */
export function takeAway(run: TestRun, ...names: readonly GrantName[]): () => void {
  const { authority, template } = run;
  const taken = absent.get(authority) ?? new Set();
  absent.set(authority, taken);
  const load = () => {
    let { resources } = template;
    for (const name of taken) resources = templateWithout(resources, grantNamed(resources, name));
    authority.load(readPolicies(resources));
  };
  for (const name of names) taken.add(name);
  load();
  return () => {
    for (const name of names) taken.delete(name);
    load();
  };
}

function grantNamed(resources: readonly ResolvedResource[], name: GrantName): Grant {
  const { holder, action, resource = '', condition = '' } = name;
  const found = grantsOf(readPolicies(resources)).filter(
    (grant) =>
      grant.holder.includes(holder) &&
      grant.action === action &&
      grant.resource.includes(resource) &&
      conditionsOf(grant).includes(condition),
  );
  const [only, another] = found;
  if (only && !another) return only;
  throw new Error(`${JSON.stringify(name)} means ${found.length} grants of the template`);
}

export function conditionsOf({ statement }: Grant): string {
  return statement.conditions.map(({ text }) => text).join('; ');
}

/** The resources with one action on one resource less, and all else as it was. */
export function templateWithout(resources: readonly ResolvedResource[], grant: Grant): readonly ResolvedResource[] {
  const [, logicalId, index] = /^(\w+).*\[(\d+)\]$/.exec(grant.statement.name) ?? [];
  return resources.flatMap((one) => {
    if (one.logicalId !== logicalId) return [one];
    if (one.type === 'AWS::Lambda::Permission') return [];
    const name = one.type === 'AWS::IAM::Role' ? 'AssumeRolePolicyDocument' : 'PolicyDocument';
    const document = objectOf(one.properties[name]);
    const Statement = listOf(document['Statement']).flatMap((statement, at) =>
      at === Number(index) ? splitOff(objectOf(statement), grant) : [statement],
    );
    return [{ ...one, properties: { ...one.properties, [name]: { ...document, Statement } } }];
  });
}

/** What is left of a statement: its other actions on all its resources, and the action on its other resources. */
function splitOff(statement: JsonObject, { action, resource }: Grant): JsonObject[] {
  const { Action, Resource } = statement;
  const otherActions = listOf(Action).filter((name) => name !== action);
  const otherResources = listOf(Resource).filter((arn) => arn !== resource);
  return [
    ...(otherActions.length > 0 ? [{ ...statement, Action: otherActions }] : []),
    ...(otherResources.length > 0 ? [{ ...statement, Action: action, Resource: otherResources }] : []),
  ];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
