import { StageSettings } from '../api-gateway/stage-settings.ts';
import { CodeDeployService } from '../aws/codedeploy/service.ts';
import type { CredentialStore } from '../aws/credentials.ts';
import { DynamoDbService } from '../aws/dynamodb/service.ts';
import { KmsService } from '../aws/kms/service.ts';
import { type LogLine, LogsService } from '../aws/logs/service.ts';
import type { Scheduler } from '../aws/scheduler/scheduler.ts';
import { SecretsManagerService } from '../aws/secrets-manager/service.ts';
import type { Published } from '../aws/sns/published.ts';
import { SnsService } from '../aws/sns/service.ts';
import { SqsService } from '../aws/sqs/service.ts';
import { SsmService } from '../aws/ssm/service.ts';
import { AwsError, type WireService } from '../aws/wire.ts';
import type { Clock } from '../clock.ts';
import type { Keep } from '../data/kept-map.ts';
import type { JsonObject } from '../json.ts';
import type { LambdaServices } from '../lambda/resources.ts';
import type { StepFunctions } from '../step-functions/engine.ts';

/** The AWS services that are spoken to over the wire and keep what the template puts into them. */
export type AwsServices = {
  readonly apiGateway: StageSettings;
  readonly codeDeploy: CodeDeployService;
  readonly dynamodb: DynamoDbService;
  readonly kms: KmsService;
  readonly logs: LogsService;
  readonly secretsManager: SecretsManagerService;
  readonly sns: SnsService;
  readonly sqs: SqsService;
  readonly ssm: SsmService;
};

/** Everything that a resource of the template may need to be made. */
export type Services = AwsServices &
  LambdaServices & {
    readonly credentials: CredentialStore;
    readonly scheduler: Pick<Scheduler, 'add'>;
    readonly stepFunctions: StepFunctions;
  };

/** What a run may want beside the services themselves; by default they keep nothing and tell nobody. */
export type ServiceHooks = {
  readonly keep: Keep;
  readonly onLogLine: ((line: LogLine) => void) | undefined;
  readonly onPublished: ((published: Published) => void) | undefined;
};

export function createAwsServices(clock: Clock, { keep, onLogLine, onPublished }: ServiceHooks): AwsServices {
  const sqs = new SqsService({ clock, kept: keep('sqs') });
  return {
    apiGateway: new StageSettings({ kept: keep('apigateway') }),
    codeDeploy: new CodeDeployService(),
    dynamodb: new DynamoDbService({ clock, kept: keep('dynamodb') }),
    kms: new KmsService({ clock, kept: keep('kms') }),
    logs: new LogsService({ clock, onLine: onLogLine }),
    secretsManager: new SecretsManagerService({ clock, kept: keep('secretsmanager') }),
    sns: new SnsService({ clock, sqs, onPublished }),
    sqs,
    ssm: new SsmService({ clock, kept: keep('ssm') }),
  };
}

export type CallAsRole = (service: string, action: string, input: JsonObject, roleArn: string) => Promise<JsonObject>;

/** Calls the services within this process, as a role of the template. `service` is the name in a SigV4 scope. */
export function callerAsRole(services: readonly WireService[], credentials: CredentialStore): CallAsRole {
  const byName = new Map(services.flatMap((service) => service.signingNames.map((name) => [name, service])));
  return async (name, action, input, roleArn) => {
    const service = byName.get(name);
    if (!service) throw new AwsError('UnknownOperationException', `${name} is not run by the local AWS`);
    return service.handle({ action, input, principal: credentials.forRole(roleArn) });
  };
}
