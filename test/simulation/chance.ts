/**
 * Chance without a state: every decision of a run is drawn from the seed and its own name, so that leaving one decision out
 * (when a failing run is made smaller) changes no other.
 */
export type Chance = {
  /** 0 (inclusive) to 1 (exclusive), always the same for the same name. */
  unit(name: string): number;
  /** As {@link unit}, from `min` (inclusive) to `max` (exclusive), with small values as likely as large ones by ratio. */
  spread(name: string, min: number, max: number): number;
};

export function chanceOf(seed: number): Chance {
  const start = mix((seed ^ 0x9e3779b9) >>> 0);
  const unit = (name: string) => mix(hash(start, name)) / 0x1_0000_0000;
  return { unit, spread: (name, min, max) => min * (max / min) ** unit(name) };
}

/** FNV-1a over UTF-16 units; the finish below spreads what this leaves uneven. */
function hash(start: number, text: string): number {
  let state = start;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return state >>> 0;
}

/** The finish of MurmurHash3. */
function mix(value: number): number {
  let state = value;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
