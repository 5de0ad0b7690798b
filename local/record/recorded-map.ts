import type { Change, KeptMap } from '../data/kept-map.ts';
import type { JsonObject } from '../json.ts';

/** A map that also tells `onKept` of each change, whether or not anything is kept beyond the process. */
export function recordedMap(kept: KeptMap | undefined, onKept: (change: Change) => void): KeptMap {
  return {
    entries: () => kept?.entries() ?? [],
    write(changes) {
      kept?.write(changes);
      for (const change of changes) onKept(change);
    },
  };
}

/** A change of a map whose keys are `owner/id`: the owner, and the whole value as it is now, or null when it is gone. */
export function ownedLine([key, value = null]: Change, owner: string, what: string): JsonObject {
  return { [owner]: key.slice(0, key.indexOf('/')), [what]: value };
}
