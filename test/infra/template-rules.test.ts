import { describe, expect, it } from 'vitest';
import { STAGES } from '../../infra/stages.ts';
import { synthesisedEstate } from './synthesis.ts';
import { ALARM_RULES } from './template-rules/alarm-rules.ts';
import { API_RULES } from './template-rules/api-rules.ts';
import { DEPENDENCY_RULES } from './template-rules/dependency-rules.ts';
import { ENVIRONMENT_RULES } from './template-rules/environment-rules.ts';
import { KEY_RULES } from './template-rules/key-rules.ts';
import { LIVE_RULES } from './template-rules/live-rules.ts';
import { MACHINE_RULES } from './template-rules/machine-rules.ts';
import { PERMISSION_RULES } from './template-rules/permission-rules.ts';
import { QUEUE_RULES } from './template-rules/queue-rules.ts';
import { RESOURCE_RULES } from './template-rules/resource-rules.ts';
import type { Stack } from './template-rules/rule.ts';
import { RUNBOOK_RULES } from './template-rules/runbook-rules.ts';
import { WEB_ACL_RULES } from './template-rules/web-acl-rules.ts';

const RULES = [
  ...RESOURCE_RULES,
  ...MACHINE_RULES,
  ...PERMISSION_RULES,
  ...QUEUE_RULES,
  ...KEY_RULES,
  ...LIVE_RULES,
  ...DEPENDENCY_RULES,
  ...ENVIRONMENT_RULES,
  ...ALARM_RULES,
  ...API_RULES,
  ...RUNBOOK_RULES,
  ...WEB_ACL_RULES,
];

const stacks = Object.entries(synthesisedEstate()).map(
  ([id, template]): Stack => ({ id, template, isProduction: id !== `Payouts-${STAGES.dev.name}` }),
);

describe.each(RULES)('$name', ({ breaches, sabotages }) => {
  it.each(stacks)('in $id', (stack) => {
    expect(breaches(stack)).toEqual([]);
  });

  it('and is seen to be broken wherever a guard is taken out', () => {
    const spoilt = stacks.flatMap(sabotages);
    expect(spoilt.length).toBeGreaterThan(0);
    const unseen = spoilt.filter(({ breach, stack }) => !breaches(stack).includes(breach));
    expect(unseen.map(({ breach, stack }) => `${stack.id} ${breach}`)).toEqual([]);
  });
});
