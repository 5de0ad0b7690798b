import type { JsonObject, JsonValue } from '../../json.ts';
import { UnsupportedResource } from '../resource-type.ts';
import { type Condition, compileConditions } from './condition.ts';
import { actionPattern, arnPattern, type Pattern } from './pattern.ts';
import { listIn, objectIn, textsIn } from './policy-values.ts';

/** One statement of a policy, ready to be compared with requests. */
export type Statement = {
  /** Where it stands: its policy and its place there, e.g. `ReadPayoutsPolicy[2]`. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly Pattern[];
  readonly resources: readonly Pattern[];
  readonly conditions: readonly Condition[];
  /** Of a policy that hangs on a resource; undefined in one that hangs on a role. */
  readonly principals: readonly Principal[] | undefined;
};

export type Principal = { readonly kind: 'AWS' | 'Service'; readonly name: string };

const ELEMENTS: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal']);

/**
 * The statements of a policy document. `kind` says what the policy hangs on: a role's has resources and no principals, a
 * resource's has principals, and a trust policy has no resources at all.
 *
 * @throws {UnsupportedResource} naming the element, operator, key or variable that is not evaluated here
 */
export function compilePolicy(
  document: JsonValue | undefined,
  policyName: string,
  kind: 'identity' | 'resource' | 'trust',
): Statement[] {
  const statements = listIn(objectIn(document, policyName)['Statement']);
  return statements.map((statement, index) => {
    const name = `${policyName}[${index}]`;
    return compileStatement(objectIn(statement, name), name, kind);
  });
}

function compileStatement(statement: JsonObject, name: string, kind: 'identity' | 'resource' | 'trust'): Statement {
  // NotAction, NotResource and NotPrincipal mean everything else, which grows with AWS: refused, as whatever is unknown.
  const unknown = Object.keys(statement).find((element) => !ELEMENTS.has(element));
  if (unknown !== undefined) throw new UnsupportedResource(`${name}: ${unknown} is not evaluated here`);
  const { Effect: effect, Action, Resource, Condition, Principal } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new UnsupportedResource(`${name}: its Effect is no effect`);
  const isIdentity = kind === 'identity';
  if (isIdentity !== (Principal === undefined)) throw new UnsupportedResource(`${name}: a Principal does not fit here`);
  const resources = kind === 'trust' ? ['*'] : textsIn(Resource, name);
  if (resources.length === 0) throw new UnsupportedResource(`${name}: it names no Resource`);
  return {
    name,
    effect,
    actions: textsIn(Action, name).map(actionPattern),
    resources: resources.map(arnPattern),
    conditions: compileConditions(Condition, name),
    principals: isIdentity ? undefined : principalsOf(Principal, name),
  };
}

function principalsOf(element: JsonValue | undefined, where: string): Principal[] {
  if (element === '*') return [{ kind: 'AWS', name: '*' }];
  return Object.entries(objectIn(element, where)).flatMap(([kind, names]) => {
    if (kind !== 'AWS' && kind !== 'Service') {
      throw new UnsupportedResource(`${where}: a Principal of kind ${kind} is not evaluated here`);
    }
    return textsIn(names, where).map((name) => ({ kind, name }) as const);
  });
}
