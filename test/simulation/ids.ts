import type { Chance } from './chance.ts';

const PART_MAX = 0x1_0000_0000;

/** A UUID (of version 4 by its form) that is always the same for the same name. */
export function idFrom(chance: Chance, name: string): string {
  // Long enough to be nobody else's in a run: 64 bits of chance, and the same ones again.
  const [one, other] = [partOf(chance, `${name} id`), partOf(chance, `id ${name}`)];
  const hex = `${one}${other}${other}${one}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function partOf(chance: Chance, name: string): string {
  return Math.floor(chance.unit(name) * PART_MAX)
    .toString(16)
    .padStart(8, '0');
}
