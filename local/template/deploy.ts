import { refuseUnknownProperties } from '../aws/resource-type.ts';
import type { ResolvedResource } from './resolve.ts';
import { INERT, typeNamed } from './resource-types.ts';
import type { Services } from './services.ts';

/** Something of the template that has no effect here: a whole type, or a property of a type that is run. */
export type Inert = { readonly what: string; readonly reason: string; readonly count: number };

/**
 * Makes every resource in the order given, which is an order of creation, and tells what of them has no effect here.
 *
 * @throws {UnsupportedResource} naming the first property that is neither run nor inert here, before anything is made
 */
export async function deploy(resources: readonly ResolvedResource[], services: Services): Promise<Inert[]> {
  for (const resource of resources) {
    const type = typeNamed(resource.type, resource.logicalId);
    if (type) refuseUnknownProperties(resource, type);
  }
  for (const resource of resources) {
    await typeNamed(resource.type, resource.logicalId)?.create(resource, services);
  }
  return inertParts(resources);
}

function inertParts(resources: readonly ResolvedResource[]): Inert[] {
  const parts = new Map<string, Inert>();
  const note = (what: string, reason: string) => {
    parts.set(what, { what, reason, count: (parts.get(what)?.count ?? 0) + 1 });
  };
  for (const { type, logicalId, properties } of resources) {
    const found = typeNamed(type, logicalId);
    const reasons = Object.keys(properties).map((property) => [property, found?.inert[property]] as const);
    if (!found || found.known.length === 0) {
      note(type, INERT[type] ?? reasons[0]?.[1] ?? '');
      continue;
    }
    for (const [property, reason] of reasons) {
      if (reason !== undefined) note(`${type}.${property}`, reason);
    }
  }
  return [...parts.values()].sort((a, b) => a.what.localeCompare(b.what));
}

/** One line: how many resources are inert, by type; the reasons are for `--verbose`. */
export function inertSummary(inert: readonly Inert[]): string {
  const types = inert.filter(({ what }) => !what.includes('.'));
  const named = types.map(({ what, count }) => `${count} ${what.replace('AWS::', '')}`);
  const properties = inert.length - types.length;
  return `Inert here: ${named.join(', ') || 'no resource'}; ${properties} properties (--verbose says which and why)`;
}
