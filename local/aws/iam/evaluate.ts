import type { Context } from './condition.ts';
import type { Pattern } from './pattern.ts';
import type { Statement } from './statement.ts';

export type AccessRequest = {
  /** As IAM names it, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly context: Context;
};

/** The statement that decided, with the texts of it that fitted; without one, nothing allows the request. */
export type Verdict =
  | { readonly isAllowed: true; readonly statement: Statement; readonly action: Pattern; readonly resource: Pattern }
  | { readonly isAllowed: false; readonly reason: 'explicit-deny'; readonly statement: Statement }
  | { readonly isAllowed: false; readonly reason: 'no-allow' };

const NOT_ALLOWED: Verdict = { isAllowed: false, reason: 'no-allow' };

/**
 * What a set of statements says to a request: a Deny that fits wins over every Allow, and what nothing allows is refused
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). Pure.
 */
export function evaluate(statements: readonly Statement[], request: AccessRequest): Verdict {
  let allowed: Verdict = NOT_ALLOWED;
  for (const statement of statements) {
    if (statement.effect === 'Allow' && allowed.isAllowed) continue;
    const action = statement.actions.find((pattern) => pattern.matches(request.action));
    const resource = action && statement.resources.find((pattern) => pattern.matches(request.resource));
    if (!action || !resource || !statement.conditions.every(({ holds }) => holds(request.context))) continue;
    if (statement.effect === 'Deny') return { isAllowed: false, reason: 'explicit-deny', statement };
    allowed = { isAllowed: true, statement, action, resource };
  }
  return allowed;
}
