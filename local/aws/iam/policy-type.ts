import type { JsonObject } from '../../json.ts';
import type { Identity, Placement, ResourceType } from '../resource-type.ts';

/** A policy is nothing to make: policies.ts reads it from the template, with `properties`. */
export function policyType(
  properties: readonly string[],
  identity: (logicalId: string, properties: JsonObject, place: Placement) => Identity = (logicalId) => ({
    ref: logicalId,
    attributes: {},
  }),
): ResourceType<unknown> {
  return { identity, create: () => undefined, known: properties, inert: {} };
}
