import type { Clock } from '../clock.ts';
import { CredentialStore } from './credentials.ts';
import { DynamoDbService } from './dynamodb/service.ts';
import { KmsService } from './kms/service.ts';
import { LogsService } from './logs/service.ts';
import { SecretsManagerService } from './secrets-manager/service.ts';
import { SnsService } from './sns/service.ts';
import { SqsService } from './sqs/service.ts';
import { SsmService } from './ssm/service.ts';

/** The services of one local run. All state is theirs: two runs in one process share nothing. */
export type AwsServices = {
  readonly credentials: CredentialStore;
  readonly dynamodb: DynamoDbService;
  readonly kms: KmsService;
  readonly logs: LogsService;
  readonly secretsManager: SecretsManagerService;
  readonly sns: SnsService;
  readonly sqs: SqsService;
  readonly ssm: SsmService;
};

export function createAwsServices(deps: { clock: Clock }): AwsServices {
  const sqs = new SqsService(deps);
  return {
    credentials: new CredentialStore(),
    dynamodb: new DynamoDbService(deps),
    kms: new KmsService(deps),
    logs: new LogsService(deps),
    secretsManager: new SecretsManagerService(deps),
    sns: new SnsService({ ...deps, sqs }),
    sqs,
    ssm: new SsmService(deps),
  };
}
