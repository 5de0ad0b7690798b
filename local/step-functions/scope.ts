import type { JsonObject, JsonValue } from '../json.ts';
import type { StatesVariable } from './bindings.ts';
import { contextObject } from './context-object.ts';
import { type Data, exceedsLimit, toData, typeName } from './data.ts';
import type { Shaping, State } from './definition.ts';
import { NOT_DIRECT } from './direct-values.ts';
import { StateFailure } from './errors.ts';
import type { CurrentState, Run } from './execution.ts';
import { present } from './history.ts';
import type { Journal } from './journal.ts';
import { ExpressionError } from './jsonata.ts';
import { evaluateTemplate, evaluateTemplateNow, type Template } from './template.ts';

/** What leaves a state. */
export type Exit = {
  /** Undefined when the execution ends here. */
  readonly next: string | undefined;
  readonly output: Data;
  readonly assigned: JsonObject | undefined;
};

/** `$states.result` or `$states.errorOutput`, where the field may see one. */
type Seen = { readonly result?: JsonValue; readonly errorOutput?: JsonObject };
type Expected = 'boolean' | 'number' | 'string';

/** One stay in one state: its input, and the evaluation of its fields in AWS's terms. */
export class StateScope {
  readonly run: Run;
  readonly state: State;
  readonly input: Data;
  readonly current: CurrentState;
  readonly journal: Journal;
  /** The context object as it was last asked for: most fields of a state see the same one. */
  #context:
    | { readonly retryCount: number; readonly token: string | undefined; readonly object: JsonObject }
    | undefined;

  constructor(run: Run, state: State, input: Data, current: CurrentState, journal: Journal) {
    this.run = run;
    this.state = state;
    this.input = input;
    this.current = current;
    this.journal = journal;
  }

  /** @throws {StateFailure} States.QueryEvaluationError, after its event, when an expression throws or gives nothing. */
  async evaluate(template: Template, seen: Seen = {}, token?: string): Promise<JsonValue> {
    if (template.kind === 'literal') return template.value;
    const bindings = { states: this.#statesWith(seen, token), variables: this.run.record.variables };
    const value = evaluateTemplateNow(template, bindings);
    if (value !== NOT_DIRECT) return value;
    return evaluateTemplate(template, bindings, async ({ source, path }, evaluated) => {
      const value = await evaluated.catch((error: unknown) => this.#threw(error, source, path));
      if (value !== undefined) return value;
      const cause = `The JSONata expression '${source}' specified for the field '${path}' returned nothing (undefined).`;
      throw this.evaluationFailed(path, cause);
    });
  }

  /** Most expressions do not look at the context, and making it costs more than they do. */
  #statesWith(seen: Seen, token: string | undefined): StatesVariable {
    const contextOf = () => this.#contextWith(token);
    return {
      input: this.input.value,
      get context() {
        return contextOf();
      },
      ...seen,
    };
  }

  #contextWith(token: string | undefined): JsonObject {
    const { retryCount } = this.current;
    const known = this.#context;
    if (known && known.retryCount === retryCount && known.token === token) return known.object;
    const object = contextObject(this.run, this.current, this.state, token);
    this.#context = { retryCount, token, object };
    return object;
  }

  /** As {@link evaluate}, for a field that only takes one type. A literal passed its check when the machine was created. */
  async evaluateAs(expected: 'boolean', template: Template): Promise<boolean>;
  async evaluateAs(expected: 'number', template: Template): Promise<number>;
  async evaluateAs(expected: 'string', template: Template): Promise<string>;
  async evaluateAs(expected: Expected, template: Template): Promise<JsonValue> {
    const value = await this.evaluate(template);
    if (typeName(value) === expected || template.kind !== 'expression') return value;
    const { source, path } = template;
    const cause =
      `The JSONata expression '${source}' specified for the field '${path}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
    throw this.evaluationFailed(path, cause);
  }

  /**
   * Output and Assign, both from the values at entry.
   * @throws {StateFailure} terminal States.DataLimitExceeded when the output is over 256 KiB; and as {@link evaluate}
   */
  async shape(shaping: Shaping, seen: Seen, otherwise: Data): Promise<Omit<Exit, 'next'>> {
    const output = shaping.output ? toData(await this.evaluate(shaping.output, seen)) : otherwise;
    const assigned = shaping.assign ? ((await this.evaluate(shaping.assign, seen)) as JsonObject) : undefined;
    if (exceedsLimit(output.json)) throw dataLimitExceeded(this.state.name);
    for (const value of Object.values(assigned ?? {})) {
      if (exceedsLimit(JSON.stringify(value))) throw dataLimitExceeded(this.state.name);
    }
    return { output, assigned };
  }

  /** AWS's opening of every cause that is the state's own. */
  cause(sentence: string): string {
    const { name, enteredEventId } = this.current;
    return `An error occurred while executing the state '${name}' (entered at the event id #${enteredEventId}). ${sentence}`;
  }

  /** Writes the EvaluationFailed event and gives the failure to throw. */
  evaluationFailed(location: string, sentence: string, options?: { cause: unknown }): StateFailure {
    const error = 'States.QueryEvaluationError';
    const cause = this.cause(sentence);
    this.journal.append('EvaluationFailed', present({ error, cause, location, state: this.state.name }));
    return new StateFailure(error, cause, options);
  }

  #threw(error: unknown, source: string, path: string): never {
    if (!(error instanceof ExpressionError)) throw error;
    const opening = `The JSONata expression '${source}' specified for the field '${path}' threw an error during evaluation`;
    throw this.evaluationFailed(path, `${opening}${error.detail}`, { cause: error });
  }
}

/** AWS's failure for data over 256 KiB; `name` is the state's, or the task's resource. */
export function dataLimitExceeded(name: string, options: { terminal: boolean } = { terminal: true }): StateFailure {
  const cause = `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new StateFailure('States.DataLimitExceeded', cause, options);
}
