import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, readDeployment } from '../simulation/deployment.ts';
import { reader } from './differences.ts';
import { enumerate, instrumentedSources, type Numbered } from './enumerate.ts';
import { KINDS } from './mutant.ts';
import { type Tried, tryAll } from './pool.ts';
import { type Probe, probesFor, SCOPES } from './probes.ts';
import { equivalents, unknownSurvivors } from './survivors.ts';

/** The tool of `npm run mutations`: its list is made of what is deployed, and what it switches off is noticed. */

type State = { readonly [name in 'Retry' | 'Catch' | 'Choices']?: readonly unknown[] };

let deployment: Deployment;
let numbered: Numbered[];
beforeAll(async () => {
  deployment = await readDeployment();
  numbered = enumerate(deployment);
});

const ofKind = (kind: string) => numbered.filter(([, mutant]) => mutant.kind === kind).map(([, { id }]) => id);

describe('the list of mutants', () => {
  it('holds each retrier and catcher of the two machines, and each rule of a choice twice', () => {
    const states = deployment.machines
      .filter(({ name }) => /-(submission|settlement)$/.test(name))
      .flatMap(({ definition }) => Object.values((JSON.parse(definition) as { States: Record<string, State> }).States));
    const count = (field: keyof State) => states.reduce((sum, state) => sum + (state[field]?.length ?? 0), 0);
    expect(ofKind('retry')).toHaveLength(count('Retry'));
    expect(ofKind('catch')).toHaveLength(count('Catch'));
    expect(ofKind('choice')).toHaveLength(2 * count('Choices'));
    expect(count('Retry')).toBeGreaterThan(10);
  });

  it('holds each part of a condition, and the whole', () => {
    const conditions = ofKind('condition');
    for (const part of [
      '#status = :pending',
      '#revision = :previous',
      'posting_until <= :now',
      'the whole condition',
    ]) {
      const found = conditions.filter(
        (id) => id.includes('posting_until') && id.split(', without ')[1]?.includes(part),
      );
      expect(found).toHaveLength(1);
    }
    expect(conditions).toContain('submission RecordTransaction: without the whole condition');
  });

  it('has every kind, and no name twice', () => {
    expect(KINDS.filter((kind) => ofKind(kind).length === 0)).toEqual([]);
    expect(new Set(numbered.map(([, { id }]) => id)).size).toBe(numbered.length);
  });

  it('knows every survivor that is listed, each with its reason', () => {
    expect(unknownSurvivors(numbered.map(([, { id }]) => id))).toEqual([]);
    for (const { ids, reason } of equivalents) {
      expect(ids).not.toEqual([]);
      expect(reason.length).toBeGreaterThan(40);
    }
  });
});

describe('what a mutant is held against', () => {
  it('is what it makes a difference in, the quickest first', () => {
    const probes: Probe[] = [
      { kind: 'stormy', settings: { profile: 'dedupes', resubmission: 'never' }, seed: 1 },
      ...SCOPES.map((scope): Probe => ({ kind: 'scope', scope })),
      { kind: 'calm', settings: { profile: 'dedupes', resubmission: 'never' }, seed: 1 },
    ];
    const last = probes.length - 1;
    const bits = Buffer.alloc(2);
    for (const probe of [0, 2, last]) bits.writeUInt8(bits.readUInt8(probe >> 3) | (1 << (probe & 7)), probe >> 3);
    const differences = { 17: bits.toString('base64') };
    expect(probesFor(probes, reader(differences, 17))).toEqual([last, 2, 0]);
    expect(probesFor(probes, reader(differences, 18))).toEqual([]);
  });
});

describe('a mutant', () => {
  const TRY_TIMEOUT_MS = 60_000;

  it(
    'without the condition of the record is noticed, and one that only counts differently is not',
    async () => {
      const scope = SCOPES.find(({ name }) => name === 'two requests');
      if (!scope) throw new Error('There is no such scope.');
      const wanted = [
        'submission RecordTransaction: without the whole condition',
        'functions/shared/settle.ts settle: if (!payout) is always false',
      ];
      const tried: Tried[] = [];
      await tryAll(
        numbered.filter(([, { id }]) => wanted.includes(id)),
        {
          jobs: 1,
          begin: { kind: 'begin', deployment, sources: instrumentedSources(numbered) },
          probesOf: () => [{ kind: 'scope', scope }],
          onTried: (one) => tried.push(one),
        },
      );
      expect(tried.map(({ verdict }) => verdict.caughtBy)).toEqual(['every interleaving', undefined]);
    },
    TRY_TIMEOUT_MS,
  );
});
