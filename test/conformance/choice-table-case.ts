import type { JsonValue } from '../../local/json.ts';
import type { ChoiceTableCase } from './case.ts';
import { compare } from './compare.ts';
import { createMachine, createRig, runToEnd } from './rig.ts';
import { statesEnteredOf } from './trace.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Runs each row's rule in place of the definition's placeholder and compares the state that follows. */
export async function runChoiceTableCase(given: ChoiceTableCase): Promise<Verdict> {
  const differences: string[] = [];
  for (const [index, { choiceRule, input, entered }] of given.rows.entries()) {
    const rig = createRig(async () => null);
    const machine = createMachine(rig, withRule(given.definition, choiceRule), given.type);
    if ('verdict' in machine) return machine.verdict;
    const started = rig.engine.startExecution({ stateMachineArn: machine.arn, input: JSON.stringify(input) });
    const record = await runToEnd(rig, started.executionArn);
    differences.push(...compare(entered, statesEnteredOf(record.history)[1], `rows[${index}]`));
  }
  return verdictOf(differences);
}

function withRule(definition: JsonValue, choiceRule: JsonValue): JsonValue {
  return JSON.parse(
    JSON.stringify(definition).replaceAll('"$choiceRule"', () => JSON.stringify(choiceRule)),
  ) as JsonValue;
}
