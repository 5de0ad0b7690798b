import { beforeAll, describe, expect, test } from 'vitest';
import { utilObject } from '../../../../local/api-gateway/template-variables.ts';
import { compileTemplate } from '../../../../local/api-gateway/velocity/render.ts';
import { JavaDouble, JavaList, JavaMap, type Value } from '../../../../local/api-gateway/velocity/values.ts';
import { answersOfApacheVelocity, base64, fromBase64, HAS_APACHE_VELOCITY } from './apache-velocity.ts';
import { TEMPLATES, TEXTS } from './templates.ts';

/**
 * Goal: no template renders differently here than in Apache Velocity 1.7, byte for byte, whatever a client sends.
 * Method: every template of the set with every hostile text, in both; Java renders them all in one process.
 *
 * Left out on purpose, because we differ on purpose. Null prints as nothing and equals the empty text, as recorded on AWS,
 * where 1.7 prints the reference's source. Refused by name where 1.7 renders on: a name nobody sets, an unknown method, a
 * condition on an empty text or a zero, arithmetic on anything but integers, `<` on texts, `#set` to null over a value,
 * `#foreach` over a text, bean properties such as `$x.class`, macros, a backslash before a reference.
 */
describe.runIf(HAS_APACHE_VELOCITY)('rendered by Apache Velocity 1.7', () => {
  const cases = TEMPLATES.flatMap((template) => TEXTS.map((text) => ({ template, text })));
  let answers: string[] = [];

  beforeAll(() => {
    answers = answersOfApacheVelocity(cases.map(({ template, text }) => `${base64(template)} ${base64(text)}`));
  });

  test.each(TEMPLATES.map((template, index) => ({ template, index })))('$template', ({ template, index }) => {
    for (const [offset, text] of TEXTS.entries()) {
      const theirs = answers[index * TEXTS.length + offset] ?? '';
      const ours = rendered(template, text);
      if (theirs.startsWith('!')) expect(ours).toMatch(/^!Template/);
      else expect(ours).toBe(fromBase64(theirs));
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
