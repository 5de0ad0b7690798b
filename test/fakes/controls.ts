import { type Controls, NO_CONTROLS } from '../../domain/controls.ts';
import type { ControlStore } from '../../functions/shared/ports.ts';

/** The control item in memory, with the condition of the table. `set` is what an operator or another environment did. */
export function createFakeControls() {
  let stored: Controls = NO_CONTROLS;
  const counts = { reads: 0, writes: 0 };
  const store: ControlStore & { readonly counts: typeof counts; set(fields: Partial<Controls>): void } = {
    counts,
    async read() {
      counts.reads += 1;
      return structuredClone(stored);
    },
    async replace(previous, next) {
      if (stored.revision !== previous.revision) return false;
      counts.writes += 1;
      stored = structuredClone(next);
      return true;
    },
    set(fields) {
      stored = { ...stored, revision: stored.revision + 1, changed_by: 'somebody else', ...fields };
    },
  };
  return store;
}
