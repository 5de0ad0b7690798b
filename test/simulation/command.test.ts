import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { COMPOSITIONS } from './functions/compositions.ts';
import { UsageError } from './options.ts';
import { timeline } from './report/timeline.ts';
import { runSeed, type SeedOptions } from './run-seed.ts';
import { shrink } from './shrink.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await readDeployment();
});

async function simulate(...args: string[]) {
  const lines: string[] = [];
  const code = await runCommand(args, {
    readDeployment: async () => deployment,
    print: (text) => lines.push(text),
  });
  return { code, out: lines.join('\n') };
}

describe('npm run simulate', () => {
  it('ends with 0 where nothing was found, and says what was seen', async () => {
    const { code, out } = await simulate('--runs', '6', '--seed', '1', '--jobs', '2');
    expect(code).toBe(0);
    expect(out).toContain('Nothing was found.');
    expect(out).toMatch(/^6 runs, [\d.]+ a second$/m);
    expect(out).toMatch(/^ {2}submit-payment: POST execute: unreachable \d+,/m);
    expect(out).toMatch(/^State machines: states \d+ of \d+ \([\d.]+ %\), edges \d+ of \d+ \([\d.]+ %\)$/m);
    for (const lost of ['  0', ' 50', '100']) {
      expect(out).toMatch(
        new RegExp(
          `^ {2}${lost} % of webhooks lost: \\d+ payouts, to final median .+, p99 .+, max .+; a person is needed for [\\d.]+ %$`,
          'm',
        ),
      );
    }
  });

  it('ends with 1 where a payout was paid twice, makes the run smaller, and prints the command that repeats it', async () => {
    const bold = ['--profile', 'never-dedupes', '--resubmission', 'after-quiet-period'];
    const { code, out } = await simulate('--runs', '400', '--seed', '7000250', '--jobs', '1', ...bold);
    expect(code).toBe(1);
    expect(out).toMatch(/^FOUND in seed \d+: at most one payment for each payout$/m);
    const [, fewer, all] = /Made smaller: (\d+) of (\d+) faults/.exec(out) ?? [];
    expect(Number(fewer)).toBeLessThan(Number(all));
    const [, name = ''] = /npm run simulate -- --repeat (\S+)$/m.exec(out) ?? [];
    const repeated = await simulate('--repeat', name);
    expect(repeated.code).toBe(1);
    expect(repeated.out.match(/takes payment [12] of/g)).toHaveLength(2);
    expect(repeated.out).toContain('FOUND: at most one payment for each payout');
  }, 60_000);

  it('repeats what was once found and is mended, and ends with 0', async () => {
    const { code, out } = await simulate('--repeat', 'what-was-received-is-known-900092');
    expect(code).toBe(0);
    expect(out).toContain('fault: restore: restored');
    expect(out).toContain('Nothing was found.');
  });

  it.each([
    [['--runs', '0'], '--runs is a whole number from 1 to 10000000, and not 0'],
    [['--seed', '-1'], '--seed'],
    [['--profile', 'kind'], '--profile is dedupes or never-dedupes, and not kind'],
    [['--jobs', '65'], '--jobs is a whole number from 1 to 64, and not 65'],
    [['--repeat', 'nobody'], 'No finding nobody was kept'],
    [['--fast'], '--fast'],
  ])('refuses %j before it runs anything', async (args, words) => {
    const refused = simulate(...args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(words);
  });

  it('ends the process with 2 where the command line is wrong, and says how to use it', () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [main, '--runs', 'many'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('npm run simulate -- [--runs 1000]');
  });
});

describe('a defect that was planted', () => {
  /** Acknowledges webhooks, and forgets them. */
  const forgetful = {
    ...COMPOSITIONS,
    'receive-webhook': () => async () => ({ statusCode: 200, headers: {}, body: '{}' }),
  };

  it('is found within a few runs, made smaller, and told as a timeline', async () => {
    const options: SeedOptions = {
      deployment,
      compositions: forgetful,
      settings: { profile: 'dedupes', resubmission: 'never' },
    };
    const { seed, end } = await firstFinding(options);
    expect(end.violation?.invariant).toBe('what was received is known');
    const smallest = await shrink(seed, end, options);
    expect(smallest.payouts).toHaveLength(1);
    const settings = { ...options.settings, payouts: smallest.payouts, isTraced: true };
    const again = await runSeed(seed, { ...options, settings, faults: smallest.faults });
    expect(again.violation?.invariant).toBe('what was received is known');
    expect(timeline(again).at(-1)).toContain('VIOLATION: what was received is known');
    // The same run of the system as it is breaks nothing: the defect is what was found.
    const whole = await runSeed(seed, { deployment, settings, faults: smallest.faults });
    expect(whole.violation).toBeUndefined();
  });

  async function firstFinding(options: SeedOptions) {
    for (let seed = 1; seed <= 40; seed++) {
      const end = await runSeed(seed, options);
      if (end.violation) return { seed, end };
    }
    throw new Error('Nothing was found in 40 runs');
  }
});
