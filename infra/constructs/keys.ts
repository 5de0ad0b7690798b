import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';
import { letLogsEncrypt } from './log-encryption.ts';

export type KeysProps = { readonly stage: Stage; readonly names: Names };

/**
 * Three keys, so that no permission on one kind of data opens another: payees' destinations, what the services store, and what
 * operators read.
 */
export class Keys extends Construct {
  /** Encrypts payees' destinations, by the Encryption SDK. Only two functions may decrypt under it, and only with both ids in the context. */
  readonly destinations: Key;
  /** Tables, secrets and queues. */
  readonly data: Key;
  /** Log groups and the alarm topic. */
  readonly telemetry: Key;

  constructor(scope: Construct, id: string, { stage, names }: KeysProps) {
    super(scope, id);
    const keyFor = (constructId: string, use: 'destinations' | 'data' | 'telemetry', description: string) =>
      new Key(this, constructId, {
        alias: names.keyAlias(use),
        description,
        enableKeyRotation: true,
        pendingWindow: Duration.days(stage.removal === 'retain' ? 30 : 7),
        removalPolicy: removalPolicyOf(stage),
      });
    this.destinations = keyFor('DestinationsKey', 'destinations', "Payees' destinations (AWS Encryption SDK).");
    this.data = keyFor('DataKey', 'data', 'Tables, secrets and queues of the payouts.');
    this.telemetry = keyFor('TelemetryKey', 'telemetry', 'Logs and alarms of the payouts.');
    const { prefix, logGroups } = names;
    letLogsEncrypt(this.telemetry, [
      `/aws/lambda/${prefix}-*`,
      logGroups.machine(`${prefix}-*`),
      logGroups.apiAccess,
      logGroups.apiExecution('*'),
      logGroups.webAcl,
    ]);
  }
}
