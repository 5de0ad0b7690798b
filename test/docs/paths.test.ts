import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

/** Folders of the project, so that a path can be told from an address or a name of AWS. */
const FOLDERS = [
  'domain',
  'functions',
  'statemachines',
  'infra',
  'local',
  'openapi',
  'ops',
  'test',
  'docs',
  '.github',
  '.ci',
];
/** In code: a folder of ours and below it a file or a folder, without a placeholder. */
const PATH = new RegExp(
  String.raw`(?<![\w./{}-])((?:${FOLDERS.map((name) => name.replace('.', '\\.')).join('|')})/[\w./-]*[\w-])(?![\w*{]|/[*{<])`,
  'g',
);
const LINK = /\]\((?!https?:|mailto:)([^)#\s]+)(?:#([^)\s]+))?\)|\]\(#([^)\s]+)\)/g;

const textOf = (document: string) => readFileSync(join(ROOT, document), 'utf8');

/** GitHub's name of a heading. */
function anchorsOf(document: string): string[] {
  const headings = [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('names no file of ours that is not there', () => {
    const named = [...textOf(document).matchAll(PATH)].map(([, path = '']) => path);
    // A test may be called by its name alone.
    expect(named.filter((path) => !['', '.test.ts'].some((end) => existsSync(join(ROOT, path + end))))).toEqual([]);
  });

  it('links to nothing that is not there', () => {
    for (const [link, path, anchor, own] of textOf(document).matchAll(LINK)) {
      const target = path === undefined ? document : join(dirname(document), path);
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      const wanted = anchor ?? own;
      if (wanted !== undefined && target.endsWith('.md')) expect(anchorsOf(target), link).toContain(wanted);
    }
  });
});
