import { grantsOf } from '../../local/aws/iam/grants.ts';
import type { TestRun } from '../support/local-run.ts';
import { notUsedHere } from './not-used-here.ts';
import { conditionsOf } from './template-without.ts';

/** One line for each grant of the template: used and by which call, or why it could not be. */
export function grantsTable({ authority }: TestRun): string[] {
  const grants = grantsOf(authority.policies).toSorted((a, b) => a.holder.localeCompare(b.holder));
  return grants.map((grant) => {
    const use = authority.usage.firstUse(grant);
    const verdict = use
      ? `used for ${use.request.resource}`
      : `unused: ${notUsedHere(grant)?.reason ?? 'NOBODY KNOWS WHY'}`;
    const conditions = conditionsOf(grant);
    const when = conditions === '' ? '' : ` when ${conditions}`;
    return `${grant.holder}\n    ${grant.action} on ${grant.resource}${when}\n        ${verdict}`;
  });
}
