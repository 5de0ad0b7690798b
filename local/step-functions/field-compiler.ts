import jsonata from 'jsonata';
import type { DefinitionReport } from './definition-report.ts';
import type { CompileField } from './definition-states.ts';
import { findMisuses } from './expression-misuse.ts';
import { compileExpression, type Expression } from './jsonata.ts';
import type { ParseOptions } from './parse-options.ts';
import { compileTemplate } from './template.ts';

/** Compiles the fields of one state; what AWS refuses in an expression is reported at its place. */
export function fieldCompiler(
  at: string,
  stateType: string,
  { report, sources }: Pick<ParseOptions, 'sources'> & { report: DefinitionReport },
): CompileField {
  return (value, path) =>
    compileTemplate(value, path, (source, place): Expression => {
      const location = `${at}/${place}`;
      try {
        for (const { code, message } of findMisuses(jsonata(source).ast(), seenBy(place, stateType))) {
          report.add(code, location, message);
        }
        return compileExpression(source, sources);
      } catch (error) {
        report.add('INVALID_JSONATA_EXPRESSION', location, (error as { message?: string }).message ?? String(error));
        return neverRun;
      }
    });
}

/** `errorOutput` is there in a catcher, `result` in the own Output and Assign of a state that has one. */
function seenBy(path: string, stateType: string): ('result' | 'errorOutput')[] {
  if (path.startsWith('Catch[')) return ['errorOutput'];
  return stateType === 'Task' && /^(Output|Assign)\b/.test(path) ? ['result'] : [];
}

/** Stands for an expression that did not compile; the definition is refused before anything runs it. */
const neverRun: Expression = {
  evaluateNow: undefined,
  evaluate: () => Promise.reject(new Error('an expression that does not compile was run')),
};
