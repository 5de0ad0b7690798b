import { StepFunctionsError } from './errors.ts';

const NAME_LENGTH_MAX = 80;
/** White space, brackets, wildcards, the special characters and control characters. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/**
 * Checks the name of a machine or an execution
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 * @throws {StepFunctionsError} InvalidName
 */
export function checkName(name: string): void {
  if (name.length >= 1 && name.length <= NAME_LENGTH_MAX && !FORBIDDEN.test(name)) return;
  throw new StepFunctionsError('InvalidName', `Invalid Name: '${name}'`);
}
