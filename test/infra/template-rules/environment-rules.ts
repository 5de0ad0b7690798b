import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

/** Names of what must be looked up and not told. Those that end in _ARN say where to look. */
const SENSITIVE_NAME = /SECRET|TOKEN|PASSWORD|CREDENTIAL|API_?KEY|PRIVATE/;
const HARMLESS_NAME = /_ARN$|_TABLE_NAME$|^MACCOUNT_TOKEN$/;
const SENSITIVE_VALUE = /\{\{resolve:|SecretString|Bearer |BEGIN [A-Z ]*PRIVATE KEY/;
/** Makes Powertools write whole events into the log. */
const FORBIDDEN_NAME = /^POWERTOOLS_LOGGER_LOG_EVENT$/;

export const ENVIRONMENT_RULES: readonly Rule[] = [
  {
    name: 'no function is told a secret, or to log its events',
    breaches: (stack) =>
      variablesOf(stack)
        .filter(({ name, value }) => isSecret(name, value))
        .map(({ logicalId, name }) => `${logicalId} ${name}`),
    sabotages: (stack) =>
      resourcesOf(stack.template, 'AWS::Lambda::Function').flatMap(({ logicalId }) =>
        [
          ['MONOOVA_API_KEY', 'x'],
          ['WEBHOOK_TOKENS', 'x'],
          ['WHATEVER', '{{resolve:secretsmanager:monoova/dev/api-key}}'],
          ['POWERTOOLS_LOGGER_LOG_EVENT', 'true'],
        ].map(([name = '', value]) => ({
          breach: `${logicalId} ${name}`,
          stack: withValue(stack, [logicalId, 'Properties', 'Environment', 'Variables', name], value),
        })),
      ),
  },
];

function variablesOf({ template }: Stack) {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(({ logicalId, Properties }) =>
    Object.entries(Object(at(Properties, 'Environment', 'Variables'))).map(([name, value]) => ({
      logicalId,
      name,
      value: JSON.stringify(value),
    })),
  );
}

function isSecret(name: string, value: string): boolean {
  if (FORBIDDEN_NAME.test(name) || SENSITIVE_VALUE.test(value)) return true;
  return SENSITIVE_NAME.test(name) && !HARMLESS_NAME.test(name);
}
