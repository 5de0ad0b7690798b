import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';
import { useOfKeyThrough } from './key-use.ts';

export type SecretsProps = { readonly stage: Stage; readonly names: Names; readonly key: IKey };

const ROTATED_BY_A_PERSON =
  'Monoova issues this credential in its portal and has no API that replaces it, so a rotation function would have nothing to call. ' +
  'A person re-rolls it and stores the new value with one command; the functions read a new version within five minutes.';

/** The two secrets of Monoova. Apart, since the one that receives webhooks must not be able to pay. */
export class Secrets extends Construct {
  /** `{apiKey, environment, baseUrl}` */
  readonly apiKey: Secret;
  /** `{tokens[], baseUrl?}` */
  readonly webhook: Secret;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { stage, names, key }: SecretsProps) {
    super(scope, id);
    this.#key = key;
    this.apiKey = this.#secret(
      'ApiKey',
      stage,
      names.apiKeySecret,
      "Monoova's API key, with its environment and host.",
    );
    this.webhook = this.#secret('Webhook', stage, names.webhookSecret, 'The tokens that Monoova sends with webhooks.');
  }

  /**
   * Made without a value: CDK's generated one would be no JSON, and a made-up key would count as failed sign-ins at Monoova. Until a
   * person stores the real one, reading it fails by name and nothing is sent.
   */
  #secret(constructId: string, stage: Stage, secretName: string, description: string): Secret {
    const secret = new Secret(this, constructId, {
      secretName,
      description,
      encryptionKey: this.#key,
      removalPolicy: removalPolicyOf(stage),
    });
    (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
    Validations.of(secret).acknowledge(
      { id: 'AwsSolutions-SMG4', reason: ROTATED_BY_A_PERSON },
      { id: 'NIST.800.53.R5-SecretsManagerRotationEnabled', reason: ROTATED_BY_A_PERSON },
    );
    return secret;
  }

  /** Lets a role read one secret, and use its key for it. */
  access(secret: Secret): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
      useOfKeyThrough('secretsmanager', this.#key),
    ];
  }
}
