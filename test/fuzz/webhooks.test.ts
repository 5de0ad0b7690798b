import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { useLocalRun } from '../support/local-run.ts';
import { fuzzWebhooks } from './fuzz.ts';
import { parseOptions } from './options.ts';
import { provenShare, reportText } from './report.ts';
import { webhooksOf } from './webhook.ts';

const RUNS = 300;
const TIMEOUT_MS = 60_000;

describe('mutated webhooks', () => {
  const recordDirectory = mkdtempSync(join(tmpdir(), 'fuzz-webhooks-'));
  const run = useLocalRun({ recordDirectory });
  afterAll(() => rmSync(recordDirectory, { recursive: true }));

  it('change nothing without a proof, never fail the receiver, and show nothing', { timeout: TIMEOUT_MS }, async () => {
    const { seed } = parseOptions([]);
    const report = await fuzzWebhooks(run(), { runs: RUNS, seed, recordDirectory });
    if (report.findings.length > 0) console.error(reportText(report));
    expect(report.findings).toEqual([]);
    expect(provenShare(report)).toBeGreaterThan(0.3);
    expect(report.changedPayouts).toBeGreaterThan(0);
    expect(report.sentWithoutProofFirst).toBeGreaterThan(RUNS / 10);
  });

  it('are the same for the same seed', () => {
    const told = (seed: number) =>
      webhooksOf(seed, 50).map(({ body, suffix, proof, repeats }) => [
        body.bytes('a-reference').toString('base64'),
        suffix,
        proof.what,
        repeats,
      ]);
    expect(told(1)).toEqual(told(1));
    expect(told(1)).not.toEqual(told(2));
  });

  it.each([['--runs', '0'], ['--runs', '1.5'], ['--seed', '-1'], ['--unknown']])(
    'are asked for in words: %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow(/--(?:runs|seed|unknown)/);
    },
  );
});
