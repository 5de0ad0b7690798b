import { isDeepStrictEqual } from 'node:util';
import type { Controls } from '../../domain/controls.ts';
import type { ControlStore } from './ports.ts';

/** Each lost race means that another has written meanwhile; so many in a row mean that many write at once. */
const TRIES_MAX = 8;

export type ControlsChange = { readonly before: Controls; readonly after: Controls };

/**
 * Writes a change of the control item on the revision that is known, and on the one that is read where others wrote first. Where the
 * change gives back what it was given, nothing is written. Undefined after eight lost races: nothing was changed then.
 */
export async function changeControls(
  store: ControlStore,
  known: Controls,
  change: (from: Controls) => Controls,
): Promise<ControlsChange | undefined> {
  let before = known;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const after = change(before);
    if (after === before || (await store.replace(before, after))) return { before, after };
    const stored = await store.read();
    // The SDK repeats a write whose answer was lost, and then meets its own: that one is ours.
    if (isDeepStrictEqual(stored, after)) return { before, after };
    before = stored;
  }
  return undefined;
}
