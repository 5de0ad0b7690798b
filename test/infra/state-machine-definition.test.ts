import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Placeholders, stateMachineDefinition } from '../../infra/state-machine-definition.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'payouts-asl-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function definitionOf(yaml: string, placeholders: Partial<Placeholders>): unknown {
  const file = join(directory, 'machine.asl.yaml');
  writeFileSync(file, yaml);
  return JSON.parse(stateMachineDefinition(pathToFileURL(file), { deployed: [], ...placeholders }));
}

describe('a state machine definition', () => {
  it('takes a leaf that is one placeholder as the value itself', () => {
    const values = { Seconds: 15, Answer: { statusCode: 422 } };
    expect(definitionOf('A: ${Seconds}\nB: ${Answer}', { values })).toEqual({ A: 15, B: { statusCode: 422 } });
  });

  it('writes a value inside an expression as JSON, with its quotes', () => {
    const values = { Message: 'say "so"', Waits: [60, 120] };
    const yaml = "A: '{% ${Waits}[0] %}'\nB: '{% \"x\" & ${Message} %}'";
    expect(definitionOf(yaml, { values })).toEqual({ A: '{% [60,120][0] %}', B: '{% "x" & "say \\"so\\"" %}' });
  });

  it('writes a text inside a string as it is', () => {
    expect(definitionOf('A: /${Stage}/payouts', { texts: { Stage: 'dev' } })).toEqual({ A: '/dev/payouts' });
  });

  it('puts an expression of several lines on one', () => {
    expect(definitionOf('A: >-\n  {% {\n    "b": 1\n  } %}', {})).toEqual({ A: '{% { "b": 1 } %}' });
  });

  it('leaves what CloudFormation fills in', () => {
    expect(definitionOf('A: ${TableName}', { deployed: ['TableName'] })).toEqual({ A: '${TableName}' });
  });

  it('names a placeholder that nobody gives', () => {
    expect(() => definitionOf('A: ${Typo}', {})).toThrow(/uses, and nobody gives: Typo/);
  });

  it('names a value that no placeholder takes', () => {
    expect(() => definitionOf('A: 1', { values: { Left: 1 }, deployed: ['Over'] })).toThrow(/not use: Left, Over/);
  });

  it('refuses a value that YAML cuts at a #', () => {
    expect(() => definitionOf('A: posts, #status, amount', {})).toThrow(/put quotes round the value before "#status/);
  });

  it('refuses a state that is there twice', () => {
    expect(() => definitionOf('A: 1\nA: 2', {})).toThrow(/unique/);
  });
});
