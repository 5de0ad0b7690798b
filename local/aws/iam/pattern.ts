/** A text of a policy that others are compared with. `text` is as the policy writes it. */
export type Pattern = { readonly text: string; matches(text: string): boolean };

/** `*` stands for any run of characters, none too; `?` for one. */
export function wildcardPattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  if (!/[*?]/.test(text)) return { text, matches: (other) => other === text };
  const expression = new RegExp(`^${expressionOf(text)}$`, 's');
  return { text, matches: (other) => expression.test(other) };
}

/** Actions are compared without regard to case: `iam:ListAccessKeys` is `IAM:listaccesskeys`. */
export function actionPattern(text: string): Pattern {
  const { matches } = wildcardPattern(text.toLowerCase());
  return { text, matches: (action) => matches(action.toLowerCase()) };
}

const ARN_PARTS = 6;

/**
 * Each of the six parts between an ARN's colons is compared for itself, so that a `*` never reaches over into the next; the
 * last part holds whatever further colons there are
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 */
export function arnPattern(text: string): Pattern {
  if (text === '*') return wildcardPattern(text);
  const parts = arnParts(text).map(wildcardPattern);
  return {
    text,
    matches: (arn) => {
      const others = arnParts(arn);
      return others.length === parts.length && parts.every((part, index) => part.matches(others[index] ?? ''));
    },
  };
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= ARN_PARTS ? parts : [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

function expressionOf(text: string): string {
  return text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
