import type { Clock } from '../../local/clock.ts';
import type { JsonValue } from '../../local/json.ts';
import { toData } from '../../local/step-functions/data.ts';
import { parseDefinition } from '../../local/step-functions/definition-parse.ts';
import { EndOfRun } from '../../local/step-functions/end-of-run.ts';
import type { ExecutionRecord, KeptOutcome, Run } from '../../local/step-functions/execution.ts';
import { interpret } from '../../local/step-functions/interpreter.ts';
import { Journal } from '../../local/step-functions/journal.ts';
import type { StateMachine } from '../../local/step-functions/state-machine.ts';
import type { TaskCall } from '../../local/step-functions/task-runner.ts';
import { TaskTokens } from '../../local/step-functions/task-tokens.ts';
import { isRunnable } from '../../local/step-functions/tasks/runnable.ts';
import { Footsteps, type Visits } from '../simulation/state-machines/coverage.ts';
import type { Interned } from './interned.ts';
import { Interner } from './interned.ts';

/** Where an execution stands: in a task, or at its end. */
export type Stop =
  | {
      readonly kind: 'task';
      readonly state: string;
      readonly resource: string;
      readonly arguments: JsonValue;
      /** When the task times out. */
      readonly dueMs: number | undefined;
      /** Present where the task waits for its token. */
      readonly token: string | undefined;
      /** The call was answered, and the token is waited for. */
      readonly isSubmitted: boolean;
    }
  | { readonly kind: 'ended'; readonly status: string; readonly output: string; readonly error: string | undefined };

/** A point in an execution: everything that Step Functions would know of it. */
export type Point = { readonly record: ExecutionRecord; readonly stop: Stop };

const HOME = 'ap-southeast-2:000000000000';

/**
 * A state machine whose executions can be taken on from any point, by the interpreter of the local Step Functions. Waits
 * before a retry take no time (their jitter may choose none).
 */
export class Machine {
  readonly #machine: StateMachine;
  readonly #points = new Interner<Point>();
  readonly #after = new Map<string, Promise<Interned<Point>>>();
  /** How often each state was entered and each way taken, at each point in the runs of this machine. */
  readonly visits: Visits = new Map();

  constructor(name: string, type: StateMachine['type'], definitionText: string) {
    const sources = { clock: STOPPED, newId: () => '', random: () => 0 };
    this.#machine = {
      stateMachineArn: `arn:aws:states:${HOME}:stateMachine:${name}`,
      name,
      type,
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      definitionText,
      definition: parseDefinition(definitionText, { type, supportsResource: isRunnable, sources }),
      logging: undefined,
      createdMs: 0,
    };
  }

  /** How many points in the runs of this machine have been met. */
  get size(): number {
    return this.#points.size;
  }

  /** Its states, as `visits` names them. */
  get stateNames(): string[] {
    return [...this.#machine.definition.states.keys()].map((name) => `${this.#machine.name}/${name}`);
  }

  begin(name: string, input: JsonValue, nowMs: number): Promise<Interned<Point>> {
    const { definition, type, stateMachineArn } = this.#machine;
    return this.#run(
      {
        executionArn: `arn:aws:states:${HOME}:execution:${this.#machine.name}:${name}`,
        name,
        stateMachineArn,
        type,
        startMs: nowMs,
        deadlineMs: definition.timeoutSeconds === undefined ? undefined : nowMs + definition.timeoutSeconds * 1000,
        input: JSON.stringify(input),
        status: 'RUNNING',
        variables: {},
        tokenIds: [],
        history: [],
      },
      nowMs,
    );
  }

  /** Ends the attempt under way. */
  decide(point: Interned<Point>, outcome: Interned<KeptOutcome>, nowMs: number): Promise<Interned<Point>> {
    const key = `${point.id} ${outcome.id} ${nowMs}`;
    const known = this.#after.get(key) ?? this.#decide(point, outcome.value, nowMs);
    this.#after.set(key, known);
    return known;
  }

  #decide({ value: { record } }: Interned<Point>, outcome: KeptOutcome, nowMs: number): Promise<Interned<Point>> {
    const decided = copyOf(record);
    const { current } = decided;
    if (!current) throw new Error(`${record.name} has ended.`);
    for (const name of ['token', 'dueMs', 'heartbeat'] as const) delete current[name];
    current.phase = 'decided';
    current.outcome = outcome;
    return this.#run(decided, nowMs);
  }

  /** The call of a task that waits for its token was answered. */
  submit({ value: { record, stop } }: Interned<Point>): Interned<Point> {
    const submitted = copyOf(record);
    if (stop.kind !== 'task' || !submitted.current) throw new Error(`${record.name} is in no task.`);
    submitted.current.phase = 'submitted';
    return this.#intern({ record: submitted, stop: { ...stop, isSubmitted: true } });
  }

  #intern(point: Point): Interned<Point> {
    return this.#points.intern(point, JSON.stringify(point));
  }

  async #run(record: ExecutionRecord, nowMs: number): Promise<Interned<Point>> {
    const { promise: stopped, resolve: onStop } = Promise.withResolvers<Stop>();
    const run: Run = {
      record,
      machine: this.#machine,
      ended: new EndOfRun(),
      done: Promise.resolve(record),
      save: () => undefined,
    };
    const journal = new Journal(
      record,
      () => nowMs,
      () => undefined,
    );
    const ended = interpret(run, toData(JSON.parse(record.input)), journal, {
      clock: clockOf(record, nowMs),
      random: () => 0,
      region: 'ap-southeast-2',
      runTask: (call) => {
        onStop(taskOf(record, call));
        return new Promise(() => undefined);
      },
      tokens: new TaskTokens(
        () => `bell-${record.tokenIds.length}`,
        () => record,
      ),
    });
    const stop = await Promise.race([stopped, ended.then(stopOf)]);
    this.#note(record);
    const known = copyOf(record);
    if (stop.kind === 'ended') delete known.current;
    return this.#intern({ record: known, stop });
  }

  #note({ history }: ExecutionRecord): void {
    const footsteps = new Footsteps(this.#machine.name, this.visits);
    for (const event of history) footsteps.follow(event);
  }
}

/** Fires what is due at once, which is what a retry without delay asks for; a timeout is for the explorer to choose. */
function clockOf(record: ExecutionRecord, nowMs: number): Clock {
  return {
    nowMs: () => nowMs,
    after: (_delayMs, run) => {
      if (record.current?.phase === 'retrying') queueMicrotask(run);
      return () => undefined;
    },
  };
}

const STOPPED: Clock = { nowMs: () => 0, after: () => () => undefined };

function taskOf(record: ExecutionRecord, call: TaskCall): Stop {
  const { current } = record;
  if (!current) throw new Error(`${record.name} calls a task outside of a state.`);
  return {
    kind: 'task',
    state: current.name,
    resource: call.resource,
    arguments: call.arguments,
    dueMs: current.dueMs,
    token: current.token,
    isSubmitted: false,
  };
}

function stopOf(ending: Awaited<ReturnType<typeof interpret>>): Stop {
  if (!ending) throw new Error('An execution was ended from outside.');
  const { status } = ending;
  if (ending.status === 'SUCCEEDED') return { kind: 'ended', status, output: ending.output, error: undefined };
  return { kind: 'ended', status, output: '', error: ending.error };
}

/** Without its history: nothing that follows depends on it. */
function copyOf(record: ExecutionRecord): ExecutionRecord {
  return JSON.parse(JSON.stringify({ ...record, history: [] })) as ExecutionRecord;
}
