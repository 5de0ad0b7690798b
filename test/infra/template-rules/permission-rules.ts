import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

type Statement = {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
};
type Place = { readonly logicalId: string; readonly path: readonly (string | number)[]; readonly statement: Statement };

/**
 * The only actions that stand on `*`: they take no resource (Service Authorization Reference, AWS X-Ray; Step Functions developer
 * guide, "Logging to CloudWatch Logs").
 */
const ON_EVERYTHING = [
  // AWS's own policy for CodeDeploy and Lambda has it so (AWS managed policy AWSCodeDeployRoleForLambdaLimited).
  'cloudwatch:DescribeAlarms',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** The managed policies that roles may have, each because AWS documents it as what the service needs. */
const MANAGED_POLICIES = [
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  'service-role/AWS_ConfigRole',
  'service-role/AWSBackupServiceRolePolicyForBackup',
];

/** Names that the writer chooses itself, below one prefix of one resource. */
const BELOW_A_PREFIX = [{ action: 's3:PutObject', prefix: '/Config/*' }];

const DECRYPTING = ['DecryptDestination', 'SubmitPayment'];
const CONTEXT_NEEDED = {
  Null: { 'kms:EncryptionContext:customer_id': 'false', 'kms:EncryptionContext:destination_id': 'false' },
};

/** What speaks to Monoova by itself. Above all, nothing that receives webhooks. */
const HOLDERS_OF_THE_API_KEY = ['SubmitPayment', 'CheckSettlement', 'Reconcile', 'WatchPayouts'];

export const PERMISSION_RULES: readonly Rule[] = [
  statementRule(
    'no permission is wider than one action and one resource, but for a listed few',
    ({ statement }) => isNarrow(statement),
    (statement) => [
      ...(takesNoResource(statement) ? [] : [{ ...statement, Resource: '*' }]),
      ...(takesNoResource(statement) ? [] : [{ ...statement, Resource: 'arn:aws:dynamodb:*:*:table/payouts-*' }]),
      { ...statement, Action: 'dynamodb:*' },
      { ...statement, Action: '*' },
      { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' } as Statement,
    ],
  ),
  statementRule(
    'two functions alone decrypt destinations, and only with both ids in the context',
    ({ statement, logicalId }) =>
      !mentions(statement, 'DestinationsKey') ||
      (DECRYPTING.some((name) => logicalId.startsWith(`Functions${name}Role`)) &&
        JSON.stringify(actionsOf(statement)) === '["kms:Decrypt"]' &&
        JSON.stringify(statement.Condition) === JSON.stringify(CONTEXT_NEEDED)),
    (statement, logicalId) => [
      ...(mentions(statement, 'DestinationsKey') ? withoutContext(statement) : []),
      ...(DECRYPTING.some((name) => logicalId.startsWith(`Functions${name}Role`)) ? [] : [decryption()]),
    ],
  ),
  statementRule(
    'the API key is read by the functions that pay, look up, reconcile and watch, and never by one that receives webhooks',
    ({ statement, logicalId }) =>
      !mentions(statement, 'SecretsApiKey') ||
      HOLDERS_OF_THE_API_KEY.some((name) => logicalId.startsWith(`Functions${name}Role`)),
    (_statement, logicalId) =>
      HOLDERS_OF_THE_API_KEY.some((name) => logicalId.startsWith(`Functions${name}Role`))
        ? []
        : [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'SecretsApiKey' } }],
  ),
  {
    name: 'every role is assumed by one service, or one environment of one repository, and has no managed policy but a listed few',
    breaches: ({ template }) =>
      resourcesOf(template, 'AWS::IAM::Role')
        .filter(
          ({ Properties }) =>
            !(isOfOneService(Properties) || isOfOneEnvironment(Properties)) || !hasListedPolicies(Properties),
        )
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      resourcesOf(stack.template, 'AWS::IAM::Role').flatMap(({ logicalId }) => [
        {
          breach: logicalId,
          stack: withValue(stack, [logicalId, 'Properties', 'AssumeRolePolicyDocument', 'Statement', 0, 'Principal'], {
            AWS: '*',
          }),
        },
        {
          breach: logicalId,
          stack: withValue(stack, [logicalId, 'Properties', 'AssumeRolePolicyDocument', 'Statement', 0], anyBranch()),
        },
        {
          breach: logicalId,
          stack: withValue(
            stack,
            [logicalId, 'Properties', 'ManagedPolicyArns'],
            [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] }],
          ),
        },
      ]),
  },
];

function statementRule(
  name: string,
  isSound: (place: Place) => boolean,
  spoil: (statement: Statement, logicalId: string) => readonly Statement[],
): Rule {
  return {
    name,
    breaches: (stack) =>
      statementsOf(stack)
        .filter((place) => !isSound(place))
        .map(({ logicalId, path }) => `${logicalId} ${path.at(-1)}`),
    sabotages: (stack) =>
      statementsOf(stack).flatMap(({ logicalId, path, statement }) =>
        spoil(statement, logicalId).map((spoilt) => ({
          breach: `${logicalId} ${path.at(-1)}`,
          stack: withValue(stack, [logicalId, ...path], spoilt),
        })),
      ),
  };
}

/** Of every policy of a role: what it allows. */
function statementsOf({ template }: Stack): Place[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOf(template, type).flatMap(({ logicalId, Properties }) => {
      const path = ['Properties', 'PolicyDocument', 'Statement'];
      const statements = at(Properties, 'PolicyDocument', 'Statement') as readonly Statement[];
      return statements.map((statement, index) => ({ logicalId, path: [...path, index], statement }));
    }),
  );
}

function actionsOf({ Action = [] }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

function mentions({ Resource }: Statement, logicalIdPart: string): boolean {
  return JSON.stringify(Resource ?? '').includes(logicalIdPart);
}

function isNarrow(statement: Statement): boolean {
  const actions = actionsOf(statement);
  if (actions.length === 0 || actions.some((action) => action.includes('*'))) return false;
  return !mentions(statement, '*') || takesNoResource(statement) || isBelowAPrefix(statement);
}

function isBelowAPrefix(statement: Statement): boolean {
  const action = actionsOf(statement).join();
  const pieces = at(statement.Resource, 'Fn::Join', 1) as readonly unknown[] | undefined;
  return BELOW_A_PREFIX.some((one) => one.action === action && one.prefix === pieces?.at(-1));
}

function takesNoResource(statement: Statement): boolean {
  return actionsOf(statement).every((action) => ON_EVERYTHING.includes(action));
}

function withoutContext(statement: Statement): Statement[] {
  const { Condition: _, ...unconditional } = statement;
  const oneId = { ...statement, Condition: { Null: { 'kms:EncryptionContext:customer_id': 'false' } } };
  return [unconditional, oneId, { ...statement, Action: ['kms:Decrypt', 'kms:CreateGrant'] }];
}

function decryption(): Statement {
  const Resource = { 'Fn::GetAtt': ['KeysDestinationsKey', 'Arn'] };
  return { Effect: 'Allow', Action: 'kms:Decrypt', Resource, Condition: CONTEXT_NEEDED };
}

function isOfOneService(properties: Readonly<Record<string, unknown>>): boolean {
  const statements = at(properties, 'AssumeRolePolicyDocument', 'Statement') as readonly Statement[];
  const [only] = statements;
  const service = at(only, 'Principal', 'Service');
  return statements.length === 1 && typeof service === 'string' && service.endsWith('.amazonaws.com');
}

const GITHUB = 'token.actions.githubusercontent.com';

/** GitHub's token says which environment of which repository a job runs in: both have to be there, word for word. */
function isOfOneEnvironment(properties: Readonly<Record<string, unknown>>): boolean {
  const statements = at(properties, 'AssumeRolePolicyDocument', 'Statement') as readonly Statement[];
  const [only] = statements;
  const { StringEquals: equals, ...others } = Object(only?.Condition) as Record<string, Record<string, unknown>>;
  const subject = at(equals, `${GITHUB}:sub`, 'Fn::Join', 1) as readonly unknown[] | undefined;
  return (
    statements.length === 1 &&
    Object.keys(others).length === 0 &&
    JSON.stringify(at(only, 'Principal', 'Federated') ?? null).includes(`:oidc-provider/${GITHUB}`) &&
    equals?.[`${GITHUB}:aud`] === 'sts.amazonaws.com' &&
    /^\["repo:",\{"Ref":"GitHubRepository"\},":environment:[a-z]+(-diff)?"\]$/.test(JSON.stringify(subject))
  );
}

function anyBranch(): unknown {
  return {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:aws:iam::000000000000:oidc-provider/${GITHUB}` },
    Condition: {
      StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${GITHUB}:sub`]: 'repo:owner/name:*' },
    },
  };
}

function hasListedPolicies(properties: Readonly<Record<string, unknown>>): boolean {
  const policies = (properties['ManagedPolicyArns'] ?? []) as readonly unknown[];
  return policies.every((arn) => MANAGED_POLICIES.some((name) => JSON.stringify(arn).includes(`:policy/${name}"`)));
}
