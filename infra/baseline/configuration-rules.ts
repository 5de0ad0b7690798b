import { ManagedRuleIdentifiers } from 'aws-cdk-lib/aws-config';

/** A managed rule of AWS Config: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
export type ConfigurationRule = {
  /** Named by what is true where nothing is wrong. */
  readonly name: string;
  readonly identifier: string;
  /** Runs once a day and not by change. */
  readonly isPeriodic?: boolean;
};

/**
 * What must stay true of the account although somebody may change it by hand. Each stands for a promise of the templates, whose own tests
 * see no change made in a console. (No rule on the age of secrets: that one looks at rotation by Lambda, which Monoova's key cannot have.)
 */
export const CONFIGURATION_RULES: readonly ConfigurationRule[] = [
  { name: 'tables-can-be-restored', identifier: ManagedRuleIdentifiers.DYNAMODB_PITR_ENABLED },
  { name: 'tables-are-under-a-customer-key', identifier: ManagedRuleIdentifiers.DYNAMODB_TABLE_ENCRYPTED_KMS },
  { name: 'keys-are-rotated', identifier: ManagedRuleIdentifiers.CMK_BACKING_KEY_ROTATION_ENABLED, isPeriodic: true },
  {
    name: 'keys-are-not-about-to-go',
    identifier: ManagedRuleIdentifiers.KMS_CMK_NOT_SCHEDULED_FOR_DELETION,
    isPeriodic: true,
  },
  { name: 'secrets-are-under-a-customer-key', identifier: ManagedRuleIdentifiers.SECRETSMANAGER_USING_CMK },
  { name: 'topics-are-encrypted', identifier: ManagedRuleIdentifiers.SNS_ENCRYPTED_KMS },
  {
    name: 'log-groups-are-encrypted',
    identifier: ManagedRuleIdentifiers.CLOUDWATCH_LOG_GROUP_ENCRYPTED,
    isPeriodic: true,
  },
  { name: 'functions-are-private', identifier: ManagedRuleIdentifiers.LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED },
  { name: 'machines-are-logged', identifier: 'STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED' },
  { name: 'apis-are-logged', identifier: ManagedRuleIdentifiers.API_GW_EXECUTION_LOGGING_ENABLED },
  { name: 'buckets-are-private', identifier: ManagedRuleIdentifiers.S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED },
  { name: 'buckets-take-tls-alone', identifier: ManagedRuleIdentifiers.S3_BUCKET_SSL_REQUESTS_ONLY },
  { name: 'the-trail-is-on', identifier: ManagedRuleIdentifiers.CLOUD_TRAIL_ENABLED, isPeriodic: true },
  {
    name: 'the-trail-can-be-proven',
    identifier: ManagedRuleIdentifiers.CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED,
    isPeriodic: true,
  },
  {
    name: 'no-policy-allows-everything',
    identifier: ManagedRuleIdentifiers.IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS,
  },
  { name: 'the-root-user-has-no-keys', identifier: ManagedRuleIdentifiers.IAM_ROOT_ACCESS_KEY_CHECK, isPeriodic: true },
  {
    name: 'the-root-user-needs-a-second-factor',
    identifier: ManagedRuleIdentifiers.ROOT_ACCOUNT_MFA_ENABLED,
    isPeriodic: true,
  },
  {
    name: 'people-need-a-second-factor',
    identifier: ManagedRuleIdentifiers.MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS,
    isPeriodic: true,
  },
];

/** What these rules look at. Recording everything else would cost by the change and answer nobody. */
export const RECORDED_TYPES = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::CloudTrail::Trail',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
] as const;
