import type { JsonObject, JsonValue } from '../json.ts';

/** `$states` of one evaluation. */
export type StatesVariable = {
  readonly input: JsonValue;
  readonly context: JsonObject;
  readonly result?: JsonValue;
  readonly errorOutput?: JsonObject;
};

/** What an expression sees: `$states` and the workflow's variables. */
export type Bindings = { readonly states: StatesVariable; readonly variables: Readonly<Record<string, JsonValue>> };
