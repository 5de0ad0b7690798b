import { Alias, type IVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { HouseFunction, type HouseFunctionProps } from './house-function.ts';

/** The name of the alias that everybody calls: it leads to the version that is in use. */
export const LIVE = 'live';

/** A function of the payouts, and the alias by which it is called. */
export class PayoutFunction extends HouseFunction {
  /**
   * What is called, never the function itself: a deployment publishes a version, and turns the alias to it. Versions outlive the deployments
   * after them, so that the alias can be turned back.
   */
  readonly live: Alias;
  /** What this deployment publishes. */
  readonly version: IVersion;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id, props);
    // The class does not fit its own interface under exactOptionalPropertyTypes.
    this.version = this.lambda.currentVersion as IVersion;
    this.live = new Alias(this, 'Live', { aliasName: LIVE, version: this.version });
  }
}
