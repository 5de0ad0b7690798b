import type { SharedOffset } from '../clock.ts';
import type { KeptMap } from './kept-map.ts';

export const OFFSET_KEY = 'offsetMs';

/**
 * Moves a clock as far ahead of real time as the one of the earlier run was, so that time never goes back; keeps where it stands
 * from then on. Time that passes while nothing runs counts.
 */
export function keepOffset(kept: KeptMap, { offset }: { readonly offset: SharedOffset }): void {
  for (const [key, value] of kept.entries()) {
    const missingMs = key === OFFSET_KEY && typeof value === 'number' ? value - offset.ms() : 0;
    if (missingMs > 0) offset.add(missingMs);
  }
  offset.onAdded(() => kept.write([[OFFSET_KEY, offset.ms()]]));
}
