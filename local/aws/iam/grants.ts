import type { AccessRequest } from './evaluate.ts';
import type { Policies } from './policies.ts';
import type { Statement } from './statement.ts';

/** The smallest thing that can be taken away: one action on one resource, of one statement. */
export type Grant = {
  /** The role's name, or the resource that the policy hangs on. */
  readonly holder: string;
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
};

/** A call that a grant allowed: who asked for what. */
export type Use = { readonly caller: string; readonly request: AccessRequest };

/** Every grant of the roles, who may assume them, and who may invoke a function. Key policies delegate: they grant nothing. */
export function grantsOf({ roleByName, byResource }: Policies): Grant[] {
  const roles = [...roleByName.values()].flatMap(({ name, statements, trust }) =>
    [...statements, ...trust].flatMap((statement) => grantsIn(name, statement)),
  );
  const functions = [...byResource].filter(([arn]) => arn.split(':')[2] === 'lambda');
  return [
    ...roles,
    ...functions.flatMap(([arn, statements]) => statements.flatMap((statement) => grantsIn(arn, statement))),
  ];
}

function grantsIn(holder: string, statement: Statement): Grant[] {
  if (statement.effect === 'Deny') return [];
  return statement.actions.flatMap(({ text: action }) =>
    statement.resources.map(({ text: resource }) => ({ holder, statement, action, resource })),
  );
}

/** Which grants have allowed a call, each with the first such call. It holds at most one entry for each grant. */
export class GrantUsage {
  readonly #firstUses = new Map<string, Use>();

  note(holder: string, allowed: { statement: Statement; action: string; resource: string }, use: Use): void {
    const key = keyOf({ holder, ...allowed });
    if (!this.#firstUses.has(key)) this.#firstUses.set(key, use);
  }

  firstUse(grant: Grant): Use | undefined {
    return this.#firstUses.get(keyOf(grant));
  }
}

/** Not by the statement's place in its policy, which moves when another statement goes. */
function keyOf({ holder, statement, action, resource }: Grant): string {
  return [holder, action, resource, ...statement.conditions.map(({ text }) => text)].join(' ');
}
