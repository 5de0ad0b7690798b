import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, readDeployment } from '../simulation/deployment.ts';
import { INCIDENTS } from './incidents.ts';
import { runIncident } from './run-incident.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await readDeployment();
});

describe('an incident', () => {
  it.each(INCIDENTS)('comes to what it has to: $name', async (incident) => {
    const { ended, outcome } = await runIncident(deployment, incident);
    expect(ended.violation).toBeUndefined();
    expect(outcome).toEqual(incident.comesTo);
  });
});
