import type { JsonObject, JsonValue } from '../json.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource, known before it is made. */
export type Identity = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

/** Where the resources live; `awsPort` is part of a queue's URL. */
export type Placement = { readonly accountId: string; readonly region: string; readonly awsPort: number };

/** A template's resource with every intrinsic resolved. */
export type TemplateResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** One CloudFormation resource type as the local run understands it. */
export type ResourceType<Services> = {
  /** Pure. Where the template gives no physical name the logical id serves as one. */
  identity(logicalId: string, properties: JsonObject, place: Placement): Identity;
  /** Makes it. Not safe to repeat: a second resource of the same name is refused. */
  create(resource: TemplateResource, services: Services): void | Promise<void>;
  /** The properties that are run. */
  readonly known: readonly string[];
  /** The properties that have no effect here, each with its reason. Any other property stops the start. */
  readonly inert: Readonly<Record<string, string>>;
};

export type ResourceTypes<Services> = Readonly<Record<string, ResourceType<Services>>>;

/** Says why a template cannot be run here. Ids only, never a property's value that might be secret. */
export class UnsupportedResource extends Error {
  override readonly name = 'UnsupportedResource' as const;
}

export const INERT_TAGS = { Tags: 'nothing here reads tags' } as const;

/** @throws {UnsupportedResource} for a property that is neither run nor listed as inert. */
export function refuseUnknownProperties(
  resource: TemplateResource,
  type: Pick<ResourceType<never>, 'known' | 'inert'>,
): void {
  for (const property of Object.keys(resource.properties)) {
    if (type.known.includes(property) || Object.hasOwn(type.inert, property)) continue;
    throw new UnsupportedResource(`${resource.logicalId}: ${resource.type}.${property} is not run here`);
  }
}

/** @throws {UnsupportedResource} for a name that is still an intrinsic: guessing one would give a wrong ARN. */
export function physicalName(logicalId: string, name: JsonValue | undefined): string {
  if (name === undefined) return logicalId;
  if (typeof name === 'string' && name !== '') return name;
  throw new UnsupportedResource(`${logicalId}: its name is not resolved to a text`);
}

/** A resource type that exists in the template and does nothing here, for `reason`. */
export function inertType(
  reason: string,
  properties: readonly string[],
  identity: (logicalId: string, properties: JsonObject, place: Placement) => Identity = (logicalId) => ({
    ref: logicalId,
    attributes: {},
  }),
): ResourceType<unknown> {
  const inert = Object.fromEntries(properties.map((property) => [property, reason]));
  return { identity, create: () => undefined, known: [], inert };
}
