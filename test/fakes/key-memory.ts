import type { KeyMemory, RememberedKeys } from '../../functions/adapters/monoova/signing-keys.ts';

/** What many environments share. */
export function createFakeKeyMemory(): KeyMemory & { readonly kept: Map<string, RememberedKeys> } {
  const kept = new Map<string, RememberedKeys>();
  return {
    kept,
    recall: async (baseUrl) => kept.get(baseUrl),
    keep: async (baseUrl, keys) => void kept.set(baseUrl, keys),
  };
}
