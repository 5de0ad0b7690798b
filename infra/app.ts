import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BaselineStack } from './baseline-stack.ts';
import { bundleFunctions } from './bundles.ts';
import { PayoutsStack } from './payouts-stack.ts';
import { STAGES } from './stages.ts';

/** The CDK app: `cdk synth` and `cdk deploy` run it. It looks nothing up, so it needs neither credentials nor a network. */
const stage = STAGES.dev;
// No account: the stack is deployed into whichever one the credentials belong to.
const env = { region: stage.region };
const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

const bundles = bundleFunctions();
try {
  const baseline = new BaselineStack(app, 'Payouts-Baseline', { env });
  const payouts = new PayoutsStack(app, `Payouts-${stage.name}`, {
    env,
    stage,
    codeOf: (name) => Code.fromAsset(bundles.directoryOf(name)),
    tags: { service: 'payouts', stage: stage.name },
  });
  payouts.addStackDependency(baseline);
  app.synth();
} finally {
  bundles.remove();
}
