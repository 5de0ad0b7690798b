import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BASELINE } from './baseline/settings.ts';
import { BaselineStack } from './baseline-stack.ts';
import { bundleFunctions } from './bundles.ts';
import { addChecks } from './checks.ts';
import { PayoutsStack } from './payouts-stack.ts';
import { REGION, STAGES } from './stages.ts';

/**
 * The CDK app: `cdk synth` and `cdk deploy` run it. It looks nothing up, so it needs neither credentials nor a network, and names no
 * account: each stack is deployed into whichever one the credentials belong to. The context `stage` leaves the other stages out.
 */
const app = new App();
addChecks(app);
const only: unknown = app.node.tryGetContext('stage');

const bundles = bundleFunctions();
try {
  const baseline = new BaselineStack(app, 'Payouts-Baseline', { env: { region: REGION }, settings: BASELINE });
  for (const stage of Object.values(STAGES).filter(({ name }) => only === undefined || only === name)) {
    const payouts = new PayoutsStack(app, `Payouts-${stage.name}`, {
      env: { region: stage.region },
      stage,
      codeOf: (name) => Code.fromAsset(bundles.directoryOf(name)),
      tags: { service: 'payouts', stage: stage.name },
    });
    payouts.addStackDependency(baseline);
  }
  app.synth();
} finally {
  bundles.remove();
}
