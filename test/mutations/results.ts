import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './detect.ts';
import type { Survey } from './differences.ts';

const ROOT = new URL('../../', import.meta.url);
/** Whatever a verdict depends on. */
const INPUTS = [
  'cdk.json',
  'package-lock.json',
  'domain/',
  'functions/',
  'infra/',
  'local/',
  'statemachines/',
  'test/exhaustive/',
  'test/fakes/',
  'test/mutations/',
  'test/simulation/',
];
/** They say what a verdict means, and change none. */
const READERS = /\/mutations\/(main|report|results|survivors|equivalents\/[^/]*)\.ts$|\.test\.ts$/;

const FILE = fileURLToPath(new URL('.local/mutations.jsonl', ROOT));

type Line = { readonly code: string } & (
  | { readonly survey: Survey }
  | { readonly id: string; readonly verdict: Verdict; readonly elapsedMs: number }
);
export type Known = Omit<Extract<Line, { id: string }>, 'code'>;

/**
 * Every verdict as soon as it is there, in `.local/mutations.jsonl`, so that a run that was broken off goes on where it was. What was found
 * out about other code is left alone.
 */
export class Results {
  readonly #code = hashOf(INPUTS);
  readonly #lines: readonly Line[];

  constructor() {
    const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
    this.#lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  }

  get survey(): Survey | undefined {
    return this.#ofNow().findLast((line) => 'survey' in line)?.survey;
  }

  /** By the mutants' ids. */
  get verdicts(): ReadonlyMap<string, Known> {
    return new Map(this.#ofNow().flatMap((line) => ('id' in line ? [[line.id, line] as const] : [])));
  }

  add(line: { readonly survey: Survey } | Known): void {
    mkdirSync(dirname(FILE), { recursive: true });
    appendFileSync(FILE, `${JSON.stringify({ code: this.#code, ...line })}\n`);
  }

  #ofNow(): readonly Line[] {
    return this.#lines.filter(({ code }) => code === this.#code);
  }
}

function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const url = new URL(input, ROOT);
    for (const file of input.endsWith('/') ? filesUnder(url) : [url]) {
      hash.update(file.href.slice(ROOT.href.length)).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 20);
}

function filesUnder(folder: URL): URL[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => new URL(`file://${entry.parentPath.replace(/\/$/, '')}/${entry.name}`))
    .filter(({ pathname }) => !READERS.test(pathname))
    .sort((one, other) => (one.href < other.href ? -1 : 1));
}
