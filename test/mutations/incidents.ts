import { withGuards } from './incidents/guards.ts';
import { withMonoova } from './incidents/monoova.ts';
import { withRequests } from './incidents/requests.ts';
import { withRestores } from './incidents/restores.ts';
import { withWebhooks } from './incidents/webhooks.ts';
import type { Incident } from './run-incident.ts';

/**
 * What certain faults come to, down to each call of Monoova (with the seconds since the first), each count, each fact and what the breaker
 * keeps. The figures were read from a run and held against the design; whoever changes the design changes them here.
 */
export const INCIDENTS: readonly Incident[] = [
  ...withMonoova,
  ...withGuards,
  ...withWebhooks,
  ...withRequests,
  ...withRestores,
];
