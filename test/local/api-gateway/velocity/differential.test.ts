import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { utilObject } from '../../../../local/api-gateway/template-variables.ts';
import { compileTemplate } from '../../../../local/api-gateway/velocity/render.ts';
import { JavaDouble, JavaList, JavaMap, type Value } from '../../../../local/api-gateway/velocity/values.ts';
import { TEMPLATES, TEXTS } from './templates.ts';

/** Debian's packages `velocity` (1.7) and `default-jdk-headless` put them here. */
const JARS = ['velocity', 'commons-collections3', 'commons-lang'].map((name) => `/usr/share/java/${name}.jar`);
const JAVA = ['/usr/bin/java'].find((path) => existsSync(path));

/**
 * Goal: no template renders differently here than in Apache Velocity 1.7, byte for byte, whatever a client sends.
 * Method: every template of the set with every hostile text, in both; Java renders them all in one process.
 *
 * Left out on purpose, because we differ on purpose. Null prints as nothing and equals the empty text, as recorded on AWS,
 * where 1.7 prints the reference's source. Refused by name where 1.7 renders on: a name nobody sets, an unknown method, a
 * condition on an empty text or a zero, arithmetic on anything but integers, `<` on texts, `#set` to null over a value,
 * `#foreach` over a text, bean properties such as `$x.class`, macros, a backslash before a reference.
 */
describe.runIf(JAVA !== undefined && JARS.every((jar) => existsSync(jar)))('rendered by Apache Velocity 1.7', () => {
  const cases = TEMPLATES.flatMap((template) => TEXTS.map((text) => ({ template, text })));
  let answers: string[] = [];

  beforeAll(() => {
    const lines = cases.map(({ template, text }) => `${base64(template)} ${base64(text)}`);
    const source = new URL('Render.java', import.meta.url).pathname;
    const output = execFileSync(JAVA ?? 'java', ['-cp', JARS.join(':'), source], {
      input: `${lines.join('\n')}\n`,
      encoding: 'ascii',
      maxBuffer: 64 * 1024 * 1024,
    });
    answers = output.split('\n');
  });

  test.each(TEMPLATES.map((template, index) => ({ template, index })))('$template', ({ template, index }) => {
    for (const [offset, text] of TEXTS.entries()) {
      const theirs = answers[index * TEXTS.length + offset] ?? '';
      const ours = rendered(template, text);
      if (theirs.startsWith('!')) expect(ours).toMatch(/^!Template/);
      else expect(ours).toBe(Buffer.from(theirs, 'base64').toString('utf8'));
    }
  });
});

function rendered(template: string, text: string): string {
  try {
    return compileTemplate(template).render(variables(text));
  } catch (error) {
    return `!${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
  }
}

function variables(text: string): Record<string, Value> {
  const list = new JavaList(['p', 'q', 'r']);
  const map = new JavaMap([
    ['name', 'value'],
    ['count', 3],
    ['ratio', new JavaDouble(0.5)],
    ['list', list],
  ]);
  return { t0: text, map, list, zero: 0, no: false, util: utilObject() };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
