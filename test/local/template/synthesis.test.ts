import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { synthesise } from '../../../local/template/synthesis.ts';

/** Writes what it was given into a manifest, and counts how often it ran. */
const APP = `
import { appendFileSync, writeFileSync } from 'node:fs';
appendFileSync('runs', '.');
const { CDK_OUTDIR, CDK_CONTEXT_JSON } = process.env;
writeFileSync(CDK_OUTDIR + '/manifest.json', CDK_CONTEXT_JSON);
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'synthesis-'));
  for (const folder of ['infra', 'functions/pay']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'cdk.json'), JSON.stringify({ app: 'node infra/app.ts', context: { flag: 'set' } }));
  writeFileSync(join(root, 'infra/app.ts'), APP);
  writeFileSync(join(root, 'functions/pay/index.ts'), '1');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const runs = () => readFileSync(join(root, 'runs'), 'utf8').length;

describe('synthesise', () => {
  it('runs the app with the context of cdk.json, for one stage alone', async () => {
    const directory = await synthesise(root, 'dev');

    const context = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
    expect(context).toMatchObject({ flag: 'set', stage: 'dev' });
  });

  it('runs it again only when an input has changed', async () => {
    const announced: string[] = [];
    const first = await synthesise(root, 'dev', () => announced.push('first'));
    const second = await synthesise(root, 'dev', () => announced.push('second'));
    writeFileSync(join(root, 'functions/pay/index.ts'), '2');
    const third = await synthesise(root, 'dev', () => announced.push('third'));

    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(runs()).toBe(2);
    expect(announced).toEqual(['first', 'third']);
  });

  it('gives two starts at the same time one whole assembly', async () => {
    const [first, second] = await Promise.all([synthesise(root, 'dev'), synthesise(root, 'dev')]);

    expect(first).toBe(second);
    expect(readdirSync(join(root, '.local/assemblies'))).toHaveLength(1);
  });

  it('says what the app printed when it fails, and leaves nothing that looks synthesised', async () => {
    writeFileSync(join(root, 'infra/app.ts'), 'console.error("AwsSolutions-SF1: no logs"); process.exit(2);');

    await expect(synthesise(root, 'dev')).rejects.toThrow(/failed with 2:\nAwsSolutions-SF1: no logs/);
    expect(readdirSync(join(root, '.local/assemblies'))).toEqual([]);
    expect(existsSync(join(root, 'runs'))).toBe(false);
  });
});
