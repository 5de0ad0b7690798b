import { beforeAll, describe, expect, it } from 'vitest';
import { Authority } from '../../local/aws/iam/authority.ts';
import { type Grant, grantsOf, type Use } from '../../local/aws/iam/grants.ts';
import { readPolicies } from '../../local/aws/iam/policies.ts';
import { useLocalRun } from '../support/local-run.ts';
import { NOT_USED_HERE, notUsedHere } from './not-used-here.ts';
import { runScenarios } from './scenarios.ts';
import { conditionsOf, templateWithout } from './template-without.ts';

describe('the grants of the template', () => {
  const run = useLocalRun({ withSchedules: true });
  beforeAll(() => runScenarios(run()));

  const grants = () => grantsOf(run().authority.policies);
  const isUsed = (grant: Grant) => run().authority.usage.firstUse(grant) !== undefined;
  const named = (grant: Grant) => `${grant.holder} ${grant.action} ${grant.resource} ${conditionsOf(grant)}`;

  it('are each used by some call, or are listed with the reason why none can', () => {
    expect(grants().length).toBeGreaterThan(100);
    expect(
      grants()
        .filter((grant) => !isUsed(grant) && !notUsedHere(grant))
        .map(named),
    ).toEqual([]);
  });

  it('are not listed as unused while they are used', () => {
    expect(
      grants()
        .filter((grant) => isUsed(grant) && notUsedHere(grant))
        .map(named),
    ).toEqual([]);
  });

  it('are all that is listed', () => {
    const listed = new Set(grants().map(notUsedHere));
    expect(NOT_USED_HERE.filter((one) => !listed.has(one)).map(({ action }) => action)).toEqual([]);
  });

  it('are each missed by the call that used them, once they are taken out alone', () => {
    const authority = new Authority();
    const missed = grants().filter((grant) => {
      const use = run().authority.usage.firstUse(grant);
      if (!use) return false;
      authority.load(readPolicies(templateWithout(run().template.resources, grant)));
      return refusalOf(authority, use) !== undefined;
    });
    expect(missed.map(named)).toEqual(grants().filter(isUsed).map(named));
  });

  it('leave nothing else out of a policy that one of them is taken out of', () => {
    const before = grants().map(named).sort();
    for (const grant of grants()) {
      const after = grantsOf(readPolicies(templateWithout(run().template.resources, grant))).map(named);
      expect([...after, named(grant)].sort()).toEqual(before);
    }
  });
});

function refusalOf(authority: Authority, { caller, request }: Use) {
  const isTrust = request.action === 'sts:AssumeRole';
  return isTrust ? authority.assumeRefusal(caller, request.resource) : authority.refusal(caller, request);
}
