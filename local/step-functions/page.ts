import { StepFunctionsError } from './errors.ts';

const RESULTS_DEFAULT = 100;

type Paging = { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined };

/**
 * One page of a list. The token names the last item that was given, so that items added at either end meanwhile neither
 * repeat nor hide any.
 * @throws {StepFunctionsError} ValidationException for a token that names no item of the list
 */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults, nextToken }: Paging,
): { items: T[]; nextToken: string | undefined } {
  // AWS takes 0 as "the default".
  const size = maxResults === undefined || maxResults === 0 ? RESULTS_DEFAULT : maxResults;
  const start = nextToken === undefined ? 0 : after(items, keyOf, nextToken);
  const given = items.slice(start, start + size);
  const last = given.at(-1);
  const more = last !== undefined && start + size < items.length;
  return { items: given, nextToken: more ? Buffer.from(keyOf(last)).toString('base64url') : undefined };
}

function after<T>(items: readonly T[], keyOf: (item: T) => string, nextToken: string): number {
  const key = Buffer.from(nextToken, 'base64url').toString('utf8');
  const index = items.findIndex((item) => keyOf(item) === key);
  if (index >= 0) return index + 1;
  throw new StepFunctionsError('ValidationException', `Invalid Token: '${nextToken}'`);
}
