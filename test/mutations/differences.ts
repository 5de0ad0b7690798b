import type { Deployment } from '../simulation/deployment.ts';
import { ask } from './detect.ts';
import type { Numbered } from './enumerate.ts';
import { allProbes, type Probe } from './probes.ts';
import type { Switch } from './switch.ts';

/** For each mutant, by its number, the probes in which it makes a difference: a bit each, in base64. */
export type Differences = Readonly<Record<number, string>>;

/** Of several processes each surveys its part of the probes. */
export type Part = { readonly machineMutants: readonly Numbered[]; readonly part: number; readonly parts: number };

export type Survey = { readonly probes: readonly Probe[]; readonly differences: Differences };

const BITS = 8;

/**
 * Lets the system as it is go through every probe there is, and notes which mutants would have made a difference there. A run is decided by its
 * seed, so that whatever meets no difference goes on as it always goes: nothing can be found there.
 * @throws {Error} where a probe finds something in the system as it is: then it says nothing of a mutant
 */
export async function surveyProbes(
  deployment: Deployment,
  { machineMutants, part, parts }: Part,
  switched: Switch,
): Promise<Survey> {
  const probes = await allProbes(deployment);
  const bits = new Map<number, Uint8Array>();
  const note = (number: number, probe: number) => {
    const known = bits.get(number) ?? new Uint8Array(Math.ceil(probes.length / BITS));
    known[Math.floor(probe / BITS)] = (known[Math.floor(probe / BITS)] ?? 0) | (1 << (probe % BITS));
    bits.set(number, known);
  };
  for (const [index, probe] of probes.entries()) {
    if (index % parts !== part) continue;
    const met = switched.meet();
    const { found, places } = await ask(deployment, probe);
    if (found !== undefined) throw new Error(`The system as it is breaks a promise: ${found}`);
    for (const number of met) note(number, index);
    for (const [number, mutant] of machineMutants) {
      if (!mutant.places || mutant.places.some((place) => places.has(place))) note(number, index);
    }
  }
  const differences = [...bits].map(([number, set]) => [number, Buffer.from(set).toString('base64')]);
  return { probes, differences: Object.fromEntries(differences) };
}

/** The parts of a survey, put together. */
export function merged(surveys: readonly Survey[]): Survey {
  const differences: Record<number, string> = {};
  for (const { differences: ofPart } of surveys) {
    for (const [number, set] of Object.entries(ofPart)) {
      const known = Buffer.from(differences[Number(number)] ?? '', 'base64');
      const both = Buffer.from(set, 'base64').map((byte, at) => byte | (known[at] ?? 0));
      differences[Number(number)] = Buffer.from(both).toString('base64');
    }
  }
  return { probes: surveys[0]?.probes ?? [], differences };
}

/** @returns whether the mutant makes a difference in a probe; in none where nothing was noted of it */
export function reader(differences: Differences, number: number): (probe: number) => boolean {
  const set = Buffer.from(differences[number] ?? '', 'base64');
  return (probe) => (((set[Math.floor(probe / BITS)] ?? 0) >> (probe % BITS)) & 1) === 1;
}
