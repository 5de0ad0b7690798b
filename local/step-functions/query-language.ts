import type { DefinitionReport } from './definition-report.ts';
import type { RawState } from './definition-rules.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** Fields that only JSONPath has, and only JSONata (`Condition` and `Variable` belong to choice rules). */
const ONLY_IN: Readonly<Record<QueryLanguage, readonly string[]>> = {
  JSONPath: [
    'InputPath',
    'OutputPath',
    'ResultPath',
    'Parameters',
    'ResultSelector',
    'Result',
    'ItemsPath',
    'TimeoutSecondsPath',
    'HeartbeatSecondsPath',
    'SecondsPath',
    'TimestampPath',
    'MaxConcurrencyPath',
    'ToleratedFailurePercentagePath',
    'ToleratedFailureCountPath',
    'ErrorPath',
    'CausePath',
  ],
  JSONata: ['Arguments', 'Output', 'Items'],
};

/**
 * The language of a state: its own, or the machine's. As AWS resolves it, only the exact text `JSONPath` is JSONPath;
 * whatever else is written is reported elsewhere and read as JSONata (https://github.com/floci-io/floci/issues/2968).
 */
export function languageOf(own: unknown, inherited: QueryLanguage): QueryLanguage {
  if (own === undefined) return inherited;
  return own === 'JSONPath' ? 'JSONPath' : 'JSONata';
}

/** Reports the fields of the other language. Gives the state without them, so that they are not reported twice. */
export function checkLanguage(
  state: RawState,
  at: string,
  { machine, report }: { machine: QueryLanguage; report: DefinitionReport },
): RawState {
  const own = languageOf(state['QueryLanguage'], machine);
  if (machine === 'JSONata' && own === 'JSONPath') {
    const message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
    report.add('SCHEMA_VALIDATION_FAILED', at, message);
    return state;
  }
  const other = own === 'JSONata' ? 'JSONPath' : 'JSONata';
  for (const field of ONLY_IN[other].filter((name) => name in state)) {
    const message = `The QueryLanguage is set to '${own}', but field '${field}' is only supported for the '${other}' QueryLanguage`;
    report.add('SCHEMA_VALIDATION_FAILED', at, message);
  }
  return Object.fromEntries(Object.entries(state).filter(([field]) => !ONLY_IN[other].includes(field)));
}
