import type { Connection } from './connection.ts';

/**
 * The AWS clients of the command line, each loaded when a command first needs it: loading one takes longer than all else that
 * a command does before its first request.
 */
export async function ssmClient({ client }: Connection) {
  const { GetParameterCommand, GetParameterHistoryCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  return { client: new SSMClient(client), GetParameterCommand, GetParameterHistoryCommand };
}

export async function documentClient({ client }: Connection) {
  const [{ DynamoDBClient }, { DynamoDBDocumentClient }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/lib-dynamodb'),
  ]);
  return DynamoDBDocumentClient.from(new DynamoDBClient(client));
}

export async function apiGatewayClient({ client }: Connection) {
  const { APIGatewayClient, GetStageCommand, UpdateStageCommand } = await import('@aws-sdk/client-api-gateway');
  return { client: new APIGatewayClient(client), GetStageCommand, UpdateStageCommand };
}

/** The Encryption SDK's own: its keyring takes no other. */
export async function kmsClient({ client }: Connection) {
  const { KMS } = await import('@aws-crypto/client-node');
  return new KMS(client);
}

export async function sfnClient({ client }: Connection) {
  const { SFNClient, ...sfn } = await import('@aws-sdk/client-sfn');
  const {
    DescribeExecutionCommand,
    DescribeStateMachineAliasCommand,
    ExecutionDoesNotExist,
    GetExecutionHistoryCommand,
    StartExecutionCommand,
    UpdateStateMachineAliasCommand,
  } = sfn;
  return {
    client: new SFNClient(client),
    DescribeExecutionCommand,
    DescribeStateMachineAliasCommand,
    ExecutionDoesNotExist,
    GetExecutionHistoryCommand,
    StartExecutionCommand,
    UpdateStateMachineAliasCommand,
  };
}

export async function lambdaClient({ client }: Connection) {
  const { GetAliasCommand, LambdaClient, UpdateAliasCommand } = await import('@aws-sdk/client-lambda');
  return { client: new LambdaClient(client), GetAliasCommand, UpdateAliasCommand };
}

export async function sqsClient({ client }: Connection) {
  const {
    ChangeMessageVisibilityBatchCommand,
    DeleteMessageCommand,
    GetQueueAttributesCommand,
    ListMessageMoveTasksCommand,
    ReceiveMessageCommand,
    SQSClient,
    StartMessageMoveTaskCommand,
  } = await import('@aws-sdk/client-sqs');
  return {
    client: new SQSClient(client),
    ChangeMessageVisibilityBatchCommand,
    DeleteMessageCommand,
    GetQueueAttributesCommand,
    ListMessageMoveTasksCommand,
    ReceiveMessageCommand,
    StartMessageMoveTaskCommand,
  };
}

export async function logsClient({ client }: Connection) {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  return { client: new CloudWatchLogsClient(client), FilterLogEventsCommand };
}

export async function stsClient({ client }: Connection) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  return { client: new STSClient(client), GetCallerIdentityCommand };
}

export async function secretsClient({ client }: Connection) {
  const { GetSecretValueCommand, PutSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } =
    await import('@aws-sdk/client-secrets-manager');
  return {
    client: new SecretsManagerClient(client),
    GetSecretValueCommand,
    PutSecretValueCommand,
    ResourceNotFoundException,
  };
}

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** The keys that the SDK itself would sign with: the local run's, or the default chain's (environment, profile, role). */
export async function credentialsOf(connection: Connection): Promise<AwsCredentials> {
  const { client } = await ssmClient(connection);
  return client.config.credentials();
}
