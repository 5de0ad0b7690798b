import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

/** The routes that need no signature: what they do is proven otherwise, or is nothing. */
const OPEN_METHODS = [/^PayoutsApi\w*OPTIONS/, /^PayoutsApihealthGET/, /^PayoutsApiwebhooksmonoova(eventName)?POST/];

export const API_RULES: readonly Rule[] = [
  {
    name: 'every route needs a signature, but for a listed few',
    breaches: (stack) =>
      signedMethods(stack)
        .filter(isOpen)
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      signedMethods(stack).map(({ logicalId }) => ({
        breach: logicalId,
        stack: withValue(stack, [logicalId, 'Properties', 'AuthorizationType'], 'NONE'),
      })),
  },
  {
    name: 'what takes a body of ours checks it, and lets no other content type through',
    breaches: (stack) =>
      submissionsOf(stack)
        .filter(({ Properties }) => !isChecked(Properties))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      submissionsOf(stack).flatMap(({ logicalId }) =>
        [['RequestValidatorId'], ['RequestModels', 'application/json'], ['Integration', 'PassthroughBehavior']].map(
          (path) => ({ breach: logicalId, stack: withValue(stack, [logicalId, 'Properties', ...path], undefined) }),
        ),
      ),
  },
];

type Method = ReturnType<typeof methodsOf>[number];

function methodsOf({ template }: Stack) {
  return resourcesOf(template, 'AWS::ApiGateway::Method');
}

function signedMethods(stack: Stack): Method[] {
  return methodsOf(stack).filter(({ logicalId }) => !OPEN_METHODS.some((pattern) => pattern.test(logicalId)));
}

function isOpen({ Properties }: Method): boolean {
  return Properties['AuthorizationType'] !== 'AWS_IAM';
}

/** Proxied functions check what they get themselves: a webhook must arrive byte for byte to be proven. */
function submissionsOf(stack: Stack): Method[] {
  return methodsOf(stack).filter(
    ({ Properties }) => Properties['HttpMethod'] === 'POST' && at(Properties, 'Integration', 'Type') === 'AWS',
  );
}

function isChecked(properties: Readonly<Record<string, unknown>>): boolean {
  return (
    properties['RequestValidatorId'] !== undefined &&
    at(properties, 'RequestModels', 'application/json') !== undefined &&
    at(properties, 'Integration', 'PassthroughBehavior') === 'NEVER'
  );
}
