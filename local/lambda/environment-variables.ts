import { devNull } from 'node:os';
import type { Credentials } from '../aws/credentials.ts';
import type { LambdaFunction } from './lambda-function.ts';

export type EnvironmentPlace = { readonly region: string; readonly awsUrl: string };

/**
 * The whole environment of a function: the template's variables and those that Lambda reserves ("Defined runtime
 * environment variables" of the Lambda guide). Nothing of the developer's own environment gets in but the path, and the
 * SDK's configuration files are shut out, so that a profile on this machine cannot change where a function calls.
 */
export function environmentVariables(
  lambda: LambdaFunction,
  credentials: Credentials,
  logStreamName: string,
  { region, awsUrl }: EnvironmentPlace,
): Record<string, string> {
  return {
    ...lambda.environment,
    PATH: process.env['PATH'] ?? '',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: lambda.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySizeMb),
    AWS_LAMBDA_LOG_GROUP_NAME: lambda.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_LOG_FORMAT: lambda.logFormat,
    LAMBDA_TASK_ROOT: lambda.codeDirectory,
    _HANDLER: lambda.handler,
  };
}
