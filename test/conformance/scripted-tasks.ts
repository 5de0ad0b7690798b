import type { JsonValue } from '../../local/json.ts';
import type { StepFunctions, TaskCall, TaskRunner } from '../../local/step-functions/engine.ts';
import { TaskError } from '../../local/step-functions/errors.ts';
import type { ScriptedTask } from './case.ts';
import { compare } from './compare.ts';

/** Plays the recorded outcomes, one for each attempt, and notes every call that was not the recorded one. */
export class ScriptedTasks {
  readonly differences: string[] = [];
  readonly #script: readonly ScriptedTask[];
  readonly #engine: () => StepFunctions;
  readonly #callbacks: (() => void)[] = [];
  #calls = 0;

  constructor(script: readonly ScriptedTask[], engine: () => StepFunctions) {
    this.#script = script;
    this.#engine = engine;
  }

  readonly run: TaskRunner = (call) => {
    const index = this.#calls++;
    const task = this.#script[index];
    if (!task) {
      this.differences.push(`tasks[${index}]: AWS made no further call, got ${call.resource}`);
      return Promise.reject(new TaskError('Conformance.NotScripted', 'AWS made no further call'));
    }
    this.#check(task, call, index);
    return this.#outcome(task, call);
  };

  /** Makes the callback that is due, if any; says whether there was one. */
  callBack(): boolean {
    const callback = this.#callbacks.shift();
    callback?.();
    return callback !== undefined;
  }

  /** What AWS was recorded to call, and was not called. */
  get missingCalls(): string[] {
    return this.#script
      .slice(this.#calls)
      .map((task, index) => `tasks[${this.#calls + index}]: ${task.resource} was not called`);
  }

  #check(task: ScriptedTask, call: TaskCall, index: number): void {
    const current = this.#engine().describeExecution(call.executionArn).current;
    const { expectedArguments } = task;
    this.differences.push(
      ...compare(task.state, current?.name, `tasks[${index}].state`),
      ...compare(task.resource, call.resource, `tasks[${index}].resource`),
      ...(expectedArguments === undefined
        ? []
        : compare(expectedArguments, call.arguments, `tasks[${index}].arguments`)),
    );
  }

  #outcome(task: ScriptedTask, call: TaskCall): Promise<JsonValue> {
    if (task.callback) {
      this.#scheduleCallback(task.callback, call.executionArn);
      return Promise.resolve(task.submitted ?? {});
    }
    if (task.submitted !== undefined && (task.timeout || task.pending)) return Promise.resolve(task.submitted);
    if (task.timeout || task.pending) return new Promise(() => undefined);
    if (task.error) return Promise.reject(new TaskError(task.error.Error, task.error.Cause));
    return Promise.resolve(task.result ?? null);
  }

  #scheduleCallback({ success, failure }: NonNullable<ScriptedTask['callback']>, executionArn: string): void {
    const engine = this.#engine();
    const token = engine.describeExecution(executionArn).current?.token;
    if (token === undefined) {
      this.differences.push('AWS waited for a callback, and there is no token');
      return;
    }
    this.#callbacks.push(() => {
      if (failure) engine.sendTaskFailure(token, failure.error, failure.cause);
      else engine.sendTaskSuccess(token, JSON.stringify(success ?? null));
    });
  }
}
