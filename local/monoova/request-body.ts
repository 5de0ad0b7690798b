import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Fields whose numbers are kept as they were written, so that a third decimal place is seen and none is invented. */
const AMOUNT_FIELDS = new Set(['amount', 'totalAmount']);

/** A JSON object whose amounts are the text of their numbers; undefined for anything else. */
export function parseRequestBody(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text, keepAmountText);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `context.source` is the literal's own text (ECMAScript, JSON.parse source text access; in Node since 21). */
function keepAmountText(key: string, value: JsonValue, context?: { source?: string }): JsonValue {
  return typeof value === 'number' && AMOUNT_FIELDS.has(key) ? (context?.source ?? String(value)) : value;
}
