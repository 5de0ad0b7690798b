import type { Chance } from './chance.ts';
import type { FaultGate } from './fault-gate.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What every part of a world shares. */
export type Surroundings = {
  readonly time: VirtualTime;
  readonly startMs: number;
  readonly chance: Chance;
  readonly gate: FaultGate;
  readonly trace: Trace;
  /** Everything that a person or a disk could ever see passes here as text. */
  readonly observe: (what: string, whose: string, text: string) => void;
  /** Ends the run with what was found. */
  readonly violated: (invariant: string, words: string) => void;
};

const QUICK_MS = { min: 2, max: 40 } as const;
const SLOW_MS = { min: 40, max: 1_500 } as const;
const SLOW_SHARE = 0.06;

/** How long an effect takes until it is done. Mostly quick, now and then slow, never as slow as a fault. */
export function latencyMs(chance: Chance, point: string): number {
  const range = chance.unit(`${point} slow`) < SLOW_SHARE ? SLOW_MS : QUICK_MS;
  return Math.round(chance.spread(`${point} takes`, range.min, range.max));
}

const LATE_MS = { min: 20_000, max: 6 * 3_600_000 } as const;

/** How long after everybody has given up a late effect is done. */
export function latenessMs(chance: Chance, point: string): number {
  return Math.round(chance.spread(`${point} lands`, LATE_MS.min, LATE_MS.max));
}
