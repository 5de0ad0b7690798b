import { createRequire } from 'node:module';
import { AwsError } from '../../../local/aws/wire.ts';
import type { JsonObject, JsonValue } from '../../../local/json.ts';
import { type Condition, compileCondition } from './condition.ts';
import { type Path, pathsOf } from './path.ts';
import type { Item } from './stored-value.ts';
import { toAttributes } from './stored-value.ts';
import { compileUpdate, type Update } from './update.ts';

/** The expressions of one request, and the names in them. */
export type ExpressionTexts = {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
};

/** Ready to be evaluated any number of times. `values` are those of the request at hand, by their placeholder. */
export type Expressions = {
  readonly condition: Condition | undefined;
  readonly update: Update | undefined;
  readonly projection: readonly Path[] | undefined;
  readonly keyCondition: Condition | undefined;
  readonly filter: Condition | undefined;
};

const TEXTS = [
  'ConditionExpression',
  'UpdateExpression',
  'ProjectionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ExpressionAttributeNames',
] as const;

type Parsed = {
  readonly _condition?: { readonly expression: object };
  readonly _keyCondition?: { readonly expression: object };
  readonly _filter?: { readonly expression: object };
  readonly _updates?: { readonly sections: readonly object[] };
  readonly _projection?: { readonly paths: readonly Path[] };
};

/** dynalite's own check of a request's expressions, which leaves their syntax trees in the request. */
type ValidateExpressions = (request: object) => string | undefined;

const { validateExpressions } = createRequire(import.meta.url)('dynalite/validations/index.js') as {
  validateExpressions: ValidateExpressions;
};

/** Expressions come from code, so they are few. */
const compiled = new Map<string, Expressions>();

/**
 * Compiles the expressions of a request, by dynalite's parsers, once for each text.
 * @throws {AwsError} ValidationException as DynamoDB would refuse them
 */
export function compileExpressions(texts: ExpressionTexts, values: Item): Expressions {
  const key = keyOf(texts);
  const known = compiled.get(key);
  if (known) return known;
  const attributes = toAttributes(values);
  const request: JsonObject = {};
  for (const name of TEXTS) if (texts[name] !== undefined) request[name] = texts[name] as JsonValue;
  if (Object.keys(attributes).length > 0) request['ExpressionAttributeValues'] = attributes;
  const fault = validateExpressions(request);
  if (fault !== undefined) throw new AwsError('ValidationException', fault);
  const expressions = compile(
    request as Parsed,
    new Map(Object.entries(attributes).map(([name, value]) => [value, name])),
  );
  compiled.set(key, expressions);
  return expressions;
}

function keyOf(texts: ExpressionTexts): string {
  const { ConditionExpression, UpdateExpression, ProjectionExpression, KeyConditionExpression, FilterExpression } =
    texts;
  const key = `${ConditionExpression}\n${UpdateExpression}\n${ProjectionExpression}\n${KeyConditionExpression}\n${FilterExpression}`;
  const { ExpressionAttributeNames: names } = texts;
  return names === undefined ? key : `${key}\n${Object.keys(names).join()}\n${Object.values(names).join()}`;
}

/** @param placeholders the name of each value that stands in a tree, by its identity */
function compile(parsed: Parsed, placeholders: ReadonlyMap<unknown, string>): Expressions {
  const conditionOf = (tree: { readonly expression: object } | undefined) =>
    tree && compileCondition(tree.expression, placeholders);
  return {
    condition: conditionOf(parsed._condition),
    update: parsed._updates && compileUpdate(parsed._updates.sections, placeholders),
    projection: parsed._projection && pathsOf(parsed._projection.paths),
    keyCondition: conditionOf(parsed._keyCondition),
    filter: conditionOf(parsed._filter),
  };
}
