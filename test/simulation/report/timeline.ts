import type { WorldEnd } from '../world.ts';

const LINES_MAX = 400;
const TEXT_MAX_CHARACTERS = 220;

/** What happened, as lines of `+seconds  who: what`. A long one keeps its end, which is where it broke. */
export function timeline({ trace, startMs }: WorldEnd): string[] {
  const shown = trace.slice(-LINES_MAX);
  const leftOut = trace.length - shown.length;
  const lines = shown.map(({ atMs, who, what }) => {
    const seconds = ((atMs - startMs) / 1000).toFixed(3).padStart(11);
    return `${seconds} s  ${who}: ${what.slice(0, TEXT_MAX_CHARACTERS)}`;
  });
  return leftOut === 0 ? lines : [`(${leftOut} earlier lines left out)`, ...lines];
}
