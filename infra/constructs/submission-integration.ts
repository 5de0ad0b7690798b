import { Duration } from 'aws-cdk-lib';
import {
  AwsIntegration,
  type IntegrationResponse,
  type MethodResponse,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PROBLEM_CONTENT_TYPE } from '../../domain/problem.ts';
import { asDeclared, asResponseParameters, corsHeaders } from '../api/cors.ts';
import { mappingTemplate, problemText } from '../api/templates.ts';
import type { Stage } from '../stages.ts';

const HEADERS = ['Content-Type', 'Location', 'Idempotent-Replayed'];

/** Every status that the submission machine or the templates below can answer. API Gateway refuses one that is not declared. */
const STATUSES = [202, 400, 422, 429, 500, 503, 504] as const;

/** What the method declares: every header that its answers may have. */
export function submissionMethodResponses(stage: Stage): MethodResponse[] {
  const responseParameters = asDeclared([...HEADERS, ...Object.keys(corsHeaders(stage))]);
  return STATUSES.map((status) => ({ statusCode: String(status), responseParameters }));
}

/** `POST /payouts` starts the submission machine and waits for its answer. */
export function submissionIntegration(machineArn: string, role: IRole, stage: Stage): AwsIntegration {
  const cors = asResponseParameters(corsHeaders(stage));
  const requestTemplate = mappingTemplate('start-submission.request.vtl', {
    SubmissionStateMachineArn: machineArn,
  });
  return new AwsIntegration({
    service: 'states',
    action: 'StartSyncExecution',
    integrationHttpMethod: 'POST',
    options: {
      credentialsRole: role,
      timeout: Duration.millis(stage.timers.gatewayMs),
      // With one template and no passthrough, anything but JSON is 415; a body that is let through would not have been validated either.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: { 'application/json': requestTemplate },
      integrationResponses: [answered(), refused(), throttled(), unanswered()].map((response) => ({
        ...response,
        responseParameters: { ...cors, ...response.responseParameters },
      })),
    },
  });
}

function answered(): IntegrationResponse {
  const template = mappingTemplate('submission.response.vtl', {
    OutcomeUnknownProblem: problemText('outcome_unknown'),
  });
  return { statusCode: '202', responseTemplates: { 'application/json': template } };
}

/** Any 4xx of Step Functions but 429. The pattern matches the whole HTTP status of the integration. */
function refused(): IntegrationResponse {
  const template = mappingTemplate('submission-refused.response.vtl', {
    TooManyRequestsProblem: problemText('too_many_requests'),
    InternalProblem: problemText('internal'),
  });
  return { selectionPattern: '4([013-9]\\d|2[0-8])', ...problem(500, template) };
}

function throttled(): IntegrationResponse {
  return { selectionPattern: '429', ...problem(429, problemText('too_many_requests')) };
}

/** A 5xx of Step Functions says nothing of whether the execution ran. */
function unanswered(): IntegrationResponse {
  return { selectionPattern: '5\\d{2}', ...problem(504, problemText('outcome_unknown')) };
}

function problem(status: (typeof STATUSES)[number], template: string): IntegrationResponse {
  return {
    statusCode: String(status),
    responseParameters: asResponseParameters({ 'Content-Type': PROBLEM_CONTENT_TYPE }),
    responseTemplates: { 'application/json': template },
  };
}
