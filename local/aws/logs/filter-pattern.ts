import type { JsonValue } from '../../json.ts';
import { AwsError } from '../wire.ts';

/** Whether a log line is wanted. */
export type Matches = (message: string) => boolean;

const TERM = /^"((?:[^"\\]|\\.)+)"$/;
const FIELD = /^\{\s*\$((?:\.[A-Za-z_][\w-]*)+)\s*=\s*"([^"*\\]*)"\s*\}$/;

/**
 * Three of the forms of CloudWatch Logs
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html): nothing, one term in double quotes,
 * and one field of a JSON line that equals one text, as in `{ $.payout.status = "Failed" }`.
 *
 * @throws {AwsError} InvalidParameterException for any other form, by name
 */
export function filterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === '') return () => true;
  const term = TERM.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  if (term !== undefined) return (message) => message.includes(term);
  const [, path, value] = FIELD.exec(text) ?? [];
  if (path !== undefined && value !== undefined) return fieldEquals(path.slice(1).split('.'), value);
  throw new AwsError('InvalidParameterException', `the filter pattern ${pattern} is not run here`);
}

function fieldEquals(path: readonly string[], expected: string): Matches {
  return (message) => {
    let value = parsed(message);
    for (const name of path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      value = value[name];
    }
    return value === expected;
  };
}

function parsed(message: string): JsonValue | undefined {
  try {
    return JSON.parse(message) as JsonValue;
  } catch {
    return undefined;
  }
}
