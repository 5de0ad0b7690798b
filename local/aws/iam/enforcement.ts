import { ACCOUNT_ID } from '../account.ts';
import type { CredentialStore } from '../credentials.ts';
import type { KmsService } from '../kms/service.ts';
import { AwsError, type WireRequest, type WireService } from '../wire.ts';
import type { Authority, Caller, Need, Refusal } from './authority.ts';
import { toContext } from './condition.ts';
import { apigateway } from './requests/apigateway.ts';
import { codeDeployRequests } from './requests/codedeploy.ts';
import { dynamodb } from './requests/dynamodb.ts';
import { kms } from './requests/kms.ts';
import { invocationNeed, invocationRefusal, lambda } from './requests/lambda.ts';
import { logs, logWritingNeeds } from './requests/logs.ts';
import type { Account, ServiceRequests } from './requests/need.ts';
import { secretsManager } from './requests/secrets-manager.ts';
import { sns } from './requests/sns.ts';
import { sqs } from './requests/sqs.ts';
import { ssm } from './requests/ssm.ts';
import { statesRequests } from './requests/states.ts';
import { sts } from './requests/sts.ts';

type EnforcementDeps = {
  readonly authority: Authority;
  readonly credentials: CredentialStore;
  /** Knows which key an id or alias means. */
  readonly kms: KmsService;
  /** `application/group` of a deployment; undefined for what is none. */
  groupOfDeployment(deploymentId: string): string | undefined;
  /** The execution whose task waits for a token; undefined for what is no token. */
  executionOfToken(token: string): string | undefined;
  /** Takes each refusal, as a sentence that names caller, action and resource. */
  onRefusal(sentence: string): void;
};

const API_GATEWAY = 'apigateway.amazonaws.com';
const SCHEDULER = 'scheduler.amazonaws.com';

/** Lets nobody of the template do what its policies do not allow. One for each run, in front of every service. */
export class Enforcement {
  readonly #deps: EnforcementDeps;
  readonly #requests: Readonly<Record<string, ServiceRequests>>;
  readonly #account: Account;

  constructor(deps: EnforcementDeps) {
    this.#deps = deps;
    const states = statesRequests(deps.executionOfToken);
    const codedeploy = codeDeployRequests(deps.groupOfDeployment);
    this.#requests = {
      apigateway,
      codedeploy,
      dynamodb,
      kms,
      lambda,
      logs,
      secretsmanager: secretsManager,
      sns,
      sqs,
      ssm,
      states,
      sts,
    };
    this.#account = {
      keyArn: (reference) => this.#keyArn(reference),
      keyArnOf: (resource) => this.#keyArn(deps.authority.policies.keyByResource.get(resource)),
    };
  }

  /** The same service, asked only for what its caller may do. @throws for a service whose requests are not known here */
  guard(service: WireService): WireService {
    const requests = service.signingNames.map((name) => this.#requests[name]).find((known) => known !== undefined);
    if (!requests) throw new Error(`The local IAM does not know the requests of ${service.signingNames.join(', ')}`);
    return {
      ...(service.routes && { routes: service.routes }),
      signingNames: service.signingNames,
      handle: async (request) => {
        this.#authorise(requests, request);
        return service.handle(request);
      },
    };
  }

  /** @throws {AwsError} AccessDeniedException, as Lambda refuses a role */
  authoriseInvocation(roleArn: string, target: string): void {
    const { principalArn } = this.#deps.credentials.forRole(roleArn);
    this.#require(principalArn, invocationNeed(target), invocationRefusal);
  }

  /** @throws {AwsError} AccessDeniedException unless the function's own policy lets API Gateway invoke it for the method */
  authoriseInvocationByApi(methodArn: string, target: string): void {
    const context = toContext({ 'aws:SourceArn': methodArn, 'aws:SourceAccount': ACCOUNT_ID });
    this.#require(API_GATEWAY, { ...invocationNeed(target), context }, invocationRefusal);
  }

  /** @throws {AwsError} CannotAssumeRole, which API Gateway keeps to itself */
  assumeByApi(roleArn: string): void {
    this.#assume(API_GATEWAY, roleArn);
  }

  /** @throws {AwsError} CannotAssumeRole, which Scheduler keeps to itself */
  assumeByScheduler(roleArn: string): void {
    this.#assume(SCHEDULER, roleArn);
  }

  #assume(service: string, roleArn: string): void {
    const refusal = this.#deps.authority.assumeRefusal(service, roleArn);
    if (refusal) throw new AwsError('CannotAssumeRole', this.#report(refusal), { statusCode: 500 });
  }

  /** Whether what a function prints reaches its log group. Without the right it is lost, and the function goes on. */
  mayWriteLogs(roleArn: string, logGroupName: string, logStreamName: string): boolean {
    const { principalArn } = this.#deps.credentials.forRole(roleArn);
    return logWritingNeeds(logGroupName, logStreamName).every((need) => {
      const refusal = this.#deps.authority.refusal(principalArn, need);
      if (refusal) this.#report(refusal);
      return !refusal;
    });
  }

  #authorise(requests: ServiceRequests, { action, input, principal }: WireRequest): void {
    // An administrator may do everything, and the service knows best what it does not run.
    if (this.#deps.authority.isAdministrator(principal.principalArn)) return;
    for (const need of requests.needs(action, input, this.#account)) {
      this.#require(principal.principalArn, need, requests.refusal);
    }
  }

  #require(caller: Caller, need: Need, toError: (message: string, need: Need) => AwsError): void {
    const refusal = this.#deps.authority.refusal(caller, need);
    if (refusal) throw toError(this.#report(refusal), need);
  }

  /** In AWS's words (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). */
  #report({ caller, need, because }: Refusal): string {
    const sentence = `User: ${caller} is not authorized to perform: ${need.action} on resource: ${need.resource} ${because}`;
    this.#deps.onRefusal(sentence);
    return sentence;
  }

  #keyArn(reference: string | undefined): string | undefined {
    if (!reference) return undefined;
    try {
      return this.#deps.kms.keys.find(reference).arn;
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  }
}
