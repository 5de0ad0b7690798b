import { describe, expect, it } from 'vitest';
import { UsageError } from '../../ops/errors.ts';
import { evidenceFrom } from '../../ops/evidence.ts';
import { runCommand } from './run-command.ts';

const refusal = (text: string): string => {
  try {
    evidenceFrom(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('It was not refused.');
};

describe('evidenceFrom', () => {
  it('keeps a sentence in one line, cut at what the history holds', () => {
    expect(evidenceFrom("  Monoova's support\n says they never had it ")).toBe(
      "Monoova's support says they never had it",
    );
    expect(evidenceFrom('they never had it, '.repeat(20))).toHaveLength(140);
  });

  it.each([
    'they paid 12345678',
    'they paid 12 34 56 78',
    'they paid 1-2-3-4-5',
    'they paid １２３４５６',
    'asked on 2026-11-23, no trace',
    'ticket 4711, 23 Nov 2026: no trace',
    'jane@example.com has it',
    'they paid *** after all',
    `${'they never had it, '.repeat(5)} 12345678`,
  ])('refuses what may be an account, and does not repeat it: %s', (text) => {
    const said = refusal(text);
    expect(said).toContain('a ticket by its last four digits');
    expect(said).not.toContain(text);
  });

  it.each(['', 'no', '   \n  ', '.'.repeat(1_001)])('refuses what says nothing: %j', (text) => {
    expect(refusal(text)).toContain('who told what');
  });

  it('takes what it and the help advise to write', async () => {
    const advised = [refusal('account 12345678'), (await runCommand(['resolve', '--help'])).out].map(
      (text) => /"(23 Nov 2026[^"]+)"/.exec(text.replaceAll(/\s+/g, ' '))?.[1] ?? '',
    );
    for (const example of advised) expect(evidenceFrom(example)).toBe(example);
  });
});
