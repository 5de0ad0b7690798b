import type { Mutant, SourceForm } from './mutant.ts';
import { SWITCH } from './switch.ts';

type Alternative = { readonly number: number; readonly text: string; readonly form: SourceForm };
type Site = {
  readonly start: number;
  readonly end: number;
  readonly alternatives: Alternative[];
  readonly inner: Site[];
};

/**
 * The file with all of its mutants in it, each behind a switch, so that one process runs them all. Where none is switched on the switch
 * is told what a mutant would have done otherwise:
 *
 *     if (posts > 0)  ─▶  if ((globalThis.__mutants.on === 17 ? false : globalThis.__mutants.see(17, false, (posts > 0))))
 *
 * Sites lie beside or within one another, since each is a node of one syntax tree.
 */
export function instrumented(source: string, mutants: readonly (readonly [number: number, mutant: Mutant])[]): string {
  const whole: Site = { start: 0, end: source.length, alternatives: [], inner: [] };
  const changes = mutants.flatMap(([number, { change }]) => (change.of === 'source' ? [{ ...change, number }] : []));
  changes.sort((one, other) => one.start - other.start || other.end - one.end);
  for (const { start, end, number, text, form } of changes) {
    place(whole, { start, end, alternatives: [{ number, text, form }], inner: [] });
  }
  return render(whole, source);
}

function place(around: Site, site: Site): void {
  const nearest = around.inner.at(-1);
  if (nearest?.start === site.start && nearest.end === site.end) nearest.alternatives.push(...site.alternatives);
  else if (nearest && site.start < nearest.end) place(nearest, site);
  else around.inner.push(site);
}

function render({ start, end, alternatives, inner }: Site, source: string): string {
  let text = '';
  let at = start;
  for (const site of inner) {
    text += source.slice(at, site.start) + render(site, source);
    at = site.end;
  }
  text += source.slice(at, end);
  if (alternatives.length === 0) return text;
  return alternatives.reduceRight((otherwise, alternative) => switched(alternative, otherwise), text);
}

function switched({ number, text, form }: Alternative, otherwise: string): string {
  const isOn = `globalThis.${SWITCH}.on === ${number}`;
  const pass = `globalThis.${SWITCH}.pass(${number})`;
  switch (form) {
    case 'expression':
      return text === 'true' || text === 'false'
        ? `(${isOn} ? ${text} : globalThis.${SWITCH}.see(${number}, ${text}, (${otherwise})))`
        : `(${isOn} ? ${text} : (${pass}, ${otherwise}))`;
    case 'statement':
      return `if (!(${isOn})) { ${pass}; ${otherwise} }`;
    case 'body':
      return `if (${isOn}) { ${text} } ${pass}; ${otherwise}`;
  }
}
