import { at, type Resource, resourcesOf } from '../synthesis.ts';
import { type Rule, type Sabotage, type Stack, withValue } from './rule.ts';

type Statement = { readonly Effect: string; readonly Action: unknown; readonly Principal?: unknown };
/** A service that, by itself and not in a role's name, publishes to a topic or writes under a key. */
type Writer = { readonly service: string; readonly target: string };

/**
 * The rule that a service which acts by itself is let in by the policy that hangs on what it uses. CDK adds none of these for a customer
 * key, and what is missing fails in silence: no log line, no alarm, no record.
 */
export const KEY_RULES: readonly Rule[] = [
  letInRule(
    'every service that writes under a key by itself is let in by the policy of the key',
    keyWriters,
    (stack, id) => statementsAt(stack, id, ['Properties', 'KeyPolicy', 'Statement']),
  ),
  letInRule(
    'every service that publishes to a topic by itself is let in by the policy of the topic',
    topicWriters,
    (stack, id) =>
      resourcesOf(stack.template, 'AWS::SNS::TopicPolicy')
        .filter(({ Properties }) => refersTo(Properties['Topics'], id))
        .flatMap(({ logicalId }) => statementsAt(stack, logicalId, ['Properties', 'PolicyDocument', 'Statement'])),
  ),
];

function letInRule(
  name: string,
  writersIn: (stack: Stack) => readonly Writer[],
  statementsOn: (
    stack: Stack,
    target: string,
  ) => readonly { path: readonly (string | number)[]; statement: Statement }[],
): Rule {
  const lettingIn = (stack: Stack, { service, target }: Writer) =>
    statementsOn(stack, target).filter(
      ({ statement }) => statement.Effect === 'Allow' && at(statement, 'Principal', 'Service') === service,
    );
  const breachOf = ({ service, target }: Writer) => `${target} ${service}`;
  return {
    name,
    breaches: (stack) =>
      writersIn(stack)
        .filter((writer) => lettingIn(stack, writer).length === 0)
        .map(breachOf),
    sabotages: (stack) =>
      writersIn(stack).map((writer): Sabotage => {
        // Statements of one service stand one behind the other, so taking them out from the last on keeps the places of the others.
        const without = lettingIn(stack, writer)
          .toReversed()
          .reduce((left, { path }) => withValue(left, path, undefined), stack);
        return { breach: breachOf(writer), stack: without };
      }),
  };
}

function topicWriters(stack: Stack): Writer[] {
  const publishersOf = (resource: Resource): [service: string, topics: unknown] => {
    switch (resource.Type) {
      case 'AWS::CloudWatch::Alarm':
        return ['cloudwatch.amazonaws.com', resource.Properties['AlarmActions']];
      case 'AWS::Events::Rule':
        return ['events.amazonaws.com', resource.Properties['Targets']];
      case 'AWS::Budgets::Budget':
        return ['budgets.amazonaws.com', resource.Properties['NotificationsWithSubscribers']];
      default:
        return ['', undefined];
    }
  };
  const topics = resourcesOf(stack.template, 'AWS::SNS::Topic');
  return unique(
    Object.values(stack.template.Resources).flatMap((resource) => {
      const [service, targets] = publishersOf(resource);
      return topics
        .filter(({ logicalId }) => refersTo(targets, logicalId))
        .map(({ logicalId }) => ({ service, target: logicalId }));
    }),
  );
}

function keyWriters(stack: Stack): Writer[] {
  const { template } = stack;
  const keyOf = (value: unknown) => String(at(value, 'Fn::GetAtt', 0) ?? '');
  const throughTopics = topicWriters(stack).map(({ service, target }) => ({
    service,
    target: keyOf(template.Resources[target]?.Properties['KmsMasterKeyId']),
  }));
  const logs = resourcesOf(template, 'AWS::Logs::LogGroup').map(({ Properties }) => ({
    service: 'logs.ap-southeast-2.amazonaws.com',
    target: keyOf(Properties['KmsKeyId']),
  }));
  const trails = resourcesOf(template, 'AWS::CloudTrail::Trail').map(({ Properties }) => ({
    service: 'cloudtrail.amazonaws.com',
    target: keyOf(Properties['KMSKeyId']),
  }));
  return unique([...throughTopics, ...logs, ...trails]);
}

function statementsAt({ template }: Stack, logicalId: string, path: readonly string[]) {
  const statements = (at(template.Resources[logicalId], ...path) ?? []) as readonly Statement[];
  return statements.map((statement, index) => ({ path: [logicalId, ...path, index], statement }));
}

function refersTo(value: unknown, logicalId: string): boolean {
  return JSON.stringify(value ?? '').includes(`"${logicalId}"`);
}

function unique(writers: readonly Writer[]): Writer[] {
  return [...new Map(writers.map((writer) => [JSON.stringify(writer), writer])).values()];
}
