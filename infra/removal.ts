import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from './stages.ts';

export function removalPolicyOf({ removal }: Stage): RemovalPolicy {
  return removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
