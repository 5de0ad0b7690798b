import type { Case } from './case.ts';
import { runChoiceTableCase } from './choice-table-case.ts';
import { runErrorNamesCase } from './error-names-case.ts';
import { runExecutionCase } from './execution-case.ts';
import { runTestStateCase } from './test-state-case.ts';
import { runValidationCase } from './validation-case.ts';
import type { Verdict } from './verdict.ts';

/** Plays one recorded case on an engine of its own. */
export function runCase(given: Case): Promise<Verdict> {
  switch (given.kind) {
    case 'execution':
      return runExecutionCase(given);
    case 'choiceTable':
      return runChoiceTableCase(given);
    case 'testState':
      return runTestStateCase(given);
    case 'validation':
      return runValidationCase(given);
    case 'errorNames':
      return runErrorNamesCase(given);
  }
}
