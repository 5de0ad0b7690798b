import { Duration, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type CfnRestApi,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  type Model,
  ResponseType,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PROBLEM_CONTENT_TYPE } from '../../domain/problem.ts';
import { PROBLEMS } from '../../domain/problems.ts';
import { corsHeaders } from '../api/cors.ts';
import { GATEWAY_PROBLEMS, type GatewayResponseType, gatewayResponseBody } from '../api/gateway-responses.ts';
import { payoutRequestModel } from '../api/payout-request-model.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import { ACCESS_LOG_FORMAT } from './access-log-format.ts';
import { addHealth } from './health-route.ts';
import { encryptedLogGroup } from './log-group.ts';
import type { PayoutMachine } from './payout-machine.ts';
import { addPreflight } from './preflight.ts';
import { serviceRole } from './service-role.ts';
import { submissionIntegration, submissionMethodResponses } from './submission-integration.ts';
import { WebAcl } from './web-acl.ts';

export type PayoutsApiProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly logKey: IKey;
  readonly submission: PayoutMachine;
  readonly readPayouts: IFunction;
  readonly receiveWebhook: IFunction;
};

/**
 * TLS 1.2 or 1.3, with forward secrecy and post-quantum key exchange for those that can. STRICT refuses a request whose host is not the one
 * that the handshake named (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html).
 */
const TLS_POLICY = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;

/** A proxied function answers within its own timeout; this only bounds the gateway's wait for it. */
const PROXY_TIMEOUT_MS = 12_000;

/** What clients call, and an operator may close. Webhooks stay open, so that none is lost. As a stage names methods: path and method. */
export const CLIENT_METHODS = ['/payouts/POST', '/payouts/GET', '/payouts/{transaction_id}/GET'] as const;

const REASONS = {
  noWaf:
    'A stage for test payouts, without a web ACL of its own (about 10 USD a month): every route that reads or moves money needs Signature V4 by a ' +
    'principal of this account, the webhook route proves its sender, and the stage throttles all of it. Production has one.',
  noCache:
    'Nothing here may be answered from a cache: the status of a payout has to be that of now, and a cache would be one more place where ' +
    'answers lie.',
  noClientCertificate:
    'A client certificate proves the gateway to HTTP backends. Every integration here is an AWS service called by IAM, or a constant.',
  noCognito:
    'Callers are services of this account, which sign with their IAM roles (AWS_IAM). A Cognito user pool authenticates people, and none call this API.',
  webhook:
    'Monoova cannot sign with Signature V4. The function proves each call before it reads anything: the agreed Authorization header in ' +
    "constant time and Monoova's signature over the raw body, as the stage demands; without proof the answer is 401.",
  health: 'Answers a constant without calling anything, so that a load balancer needs no credentials.',
} as const;

/** The HTTP API: one REST API with the one stage that gives it its base path. */
export class PayoutsApi extends Construct {
  readonly api: RestApi;
  /** Without a slash at its end. */
  readonly url: string;
  readonly accessLogs: LogGroup;
  readonly #props: PayoutsApiProps;

  constructor(scope: Construct, id: string, props: PayoutsApiProps) {
    super(scope, id);
    this.#props = props;
    const { stage, names, logKey } = props;
    this.accessLogs = encryptedLogGroup(this, 'AccessLogs', {
      logGroupName: names.logGroups.apiAccess,
      stage,
      key: logKey,
    });
    this.api = this.#restApi();
    this.url = this.api.urlForPath('/').replace(/\/$/, '');
    this.#executionLogs();
    for (const type of Object.keys(GATEWAY_PROBLEMS) as GatewayResponseType[]) this.#gatewayResponse(type);
    this.#payoutRoutes();
    this.#webhookRoutes();
    this.#healthRoute();
    this.#firewall();
    Validations.of(this.api.deploymentStage).acknowledge(
      { id: 'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted', reason: REASONS.noCache },
      { id: 'NIST.800.53.R5-APIGWSSLEnabled', reason: REASONS.noClientCertificate },
    );
  }

  #firewall(): void {
    const { stage, names, logKey } = this.#props;
    const { deploymentStage: apiStage } = this.api;
    if (stage.webAcl) {
      new WebAcl(this, 'WebAcl', { stage, settings: stage.webAcl, names, logKey, apiStage });
      return;
    }
    Validations.of(apiStage).acknowledge(
      { id: 'AwsSolutions-APIG3', reason: REASONS.noWaf },
      { id: 'NIST.800.53.R5-APIGWAssociatedWithWAF', reason: REASONS.noWaf },
    );
  }

  #restApi(): RestApi {
    const { stage, names } = this.#props;
    const methodOptions = {
      throttlingRateLimit: stage.throttling.requestsPerSecond,
      throttlingBurstLimit: stage.throttling.burst,
      loggingLevel: MethodLoggingLevel.INFO,
      // Data trace would write bodies and headers into the log; without it INFO tells steps, times and statuses.
      dataTraceEnabled: false,
      metricsEnabled: true,
    };
    const api = new RestApi(this, 'Api', {
      restApiName: names.api,
      description: `Payouts over the NPP, stage ${stage.name}.`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: stage.name,
        ...methodOptions,
        // Of their own, though the same: `payouts close-api` throttles these to zero and leaves webhooks alone.
        methodOptions: Object.fromEntries(CLIENT_METHODS.map((method) => [method, methodOptions])),
        accessLogDestination: new LogGroupLogDestination(this.accessLogs),
        accessLogFormat: ACCESS_LOG_FORMAT,
        tracingEnabled: true,
      },
    });
    const cfn = api.node.defaultChild as CfnRestApi;
    cfn.securityPolicy = TLS_POLICY;
    cfn.endpointAccessMode = 'STRICT';
    return api;
  }

  #executionLogs(): void {
    const { stage, names, logKey } = this.#props;
    const logGroupName = names.logGroups.apiExecution(this.api.restApiId);
    const group = encryptedLogGroup(this, 'ExecutionLogs', { logGroupName, stage, key: logKey });
    this.api.deploymentStage.node.addDependency(group);
  }

  #gatewayResponse(type: GatewayResponseType): void {
    this.api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(PROBLEMS[GATEWAY_PROBLEMS[type]].status),
      responseHeaders: quoted({ ...corsHeaders(this.#props.stage), 'Content-Type': PROBLEM_CONTENT_TYPE }),
      templates: { 'application/json': gatewayResponseBody(type) },
    });
  }

  #payoutRoutes(): void {
    const { stage, submission, readPayouts } = this.#props;
    const payouts = this.api.root.addResource('payouts');
    const role = serviceRole(this, 'SubmissionRole', {
      service: 'apigateway.amazonaws.com',
      statements: [submission.starting('states:StartSyncExecution')],
    });
    const post = payouts.addMethod('POST', submissionIntegration(submission.liveArn, role, stage), {
      authorizationType: AuthorizationType.IAM,
      requestModels: { 'application/json': this.#requestModel() },
      requestValidator: this.api.addRequestValidator('Validator', {
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
      methodResponses: submissionMethodResponses(stage),
    });
    const list = this.#proxied(payouts, 'GET', readPayouts, AuthorizationType.IAM);
    const payout = payouts.addResource('{transaction_id}');
    const get = this.#proxied(payout, 'GET', readPayouts, AuthorizationType.IAM);
    for (const method of [post, list, get]) acknowledge(method, 'AwsSolutions-COG4', REASONS.noCognito);
    this.#preflight(payouts, 'GET', 'POST');
    this.#preflight(payout, 'GET');
  }

  #requestModel(): Model {
    return this.api.addModel('PayoutRequest', {
      modelName: 'PayoutRequest',
      contentType: 'application/json',
      schema: payoutRequestModel(this.#props.stage.amountMaxCents),
    });
  }

  #webhookRoutes(): void {
    const monoova = this.api.root.addResource('webhooks').addResource('monoova');
    for (const resource of [monoova, monoova.addResource('{eventName}')]) {
      const post = this.#proxied(resource, 'POST', this.#props.receiveWebhook, AuthorizationType.NONE);
      acknowledge(post, 'AwsSolutions-APIG4', REASONS.webhook);
      acknowledge(post, 'AwsSolutions-COG4', REASONS.webhook);
      this.#preflight(resource, 'POST');
    }
  }

  #healthRoute(): void {
    const health = this.api.root.addResource('health');
    const get = addHealth(health, this.#props.stage);
    acknowledge(get, 'AwsSolutions-APIG4', REASONS.health);
    acknowledge(get, 'AwsSolutions-COG4', REASONS.health);
    this.#preflight(health, 'GET');
  }

  #proxied(resource: IResource, httpMethod: string, handler: IFunction, authorizationType: AuthorizationType): Method {
    const integration = new LambdaIntegration(handler, {
      proxy: true,
      allowTestInvoke: false,
      timeout: Duration.millis(PROXY_TIMEOUT_MS),
    });
    return resource.addMethod(httpMethod, integration, { authorizationType });
  }

  #preflight(resource: IResource, ...methods: readonly string[]): void {
    addPreflight(resource, methods, this.#props.stage);
  }
}

function acknowledge(method: Method, id: string, reason: string): void {
  Validations.of(method).acknowledge({ id, reason });
}

/** A constant among the headers of a gateway response stands in quotes. */
function quoted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}
