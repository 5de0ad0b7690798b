import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { expressExecutionArn, type Home, standardExecutionArn } from './arns.ts';
import { type Data, exceedsLimit, freeze } from './data.ts';
import { EndOfRun } from './end-of-run.ts';
import { StepFunctionsError } from './errors.ts';
import { ExecutionEnded, type ExecutionRecord, type Run } from './execution.ts';
import type { Executions } from './executions.ts';
import { type HistoryEvent, NOT_TRUNCATED } from './history.ts';
import { interpret } from './interpreter.ts';
import { type Ending, Journal } from './journal.ts';
import type { KeptExecution, KeptExecutions } from './kept-executions.ts';
import { checkName } from './names.ts';
import { logLine, type PublishedLog } from './publish-log.ts';
import type { StateMachine } from './state-machine.ts';
import type { TaskServices } from './task-services.ts';

/** The longest that an Express execution runs. */
const EXPRESS_SECONDS_MAX = 300;

export type StartExecutionInput = {
  /** Unqualified, or of a version or alias. */
  readonly stateMachineArn: string;
  /** JSON text; `{}` by default. */
  readonly input?: string;
  /** A new id by default. */
  readonly name?: string;
};

type LauncherDeps = Home & {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly publishLog?: (line: PublishedLog) => void;
  readonly kept?: KeptExecutions | undefined;
  readonly onEvent?: ((execution: ExecutionRecord, event: HistoryEvent) => void) | undefined;
};

/** What ends with an execution: its journal, and the timer of its deadline. */
type Launched = { readonly run: Run; readonly input: Data; readonly journal: Journal; readonly close: () => void };

/** Starts executions and ends them. */
export class Launcher {
  readonly #deps: LauncherDeps;
  readonly #executions: Executions;
  readonly #services: TaskServices;
  readonly #launched = new Map<string, Launched>();
  readonly #standing: Launched[] = [];

  constructor(deps: LauncherDeps, executions: Executions, services: TaskServices) {
    this.#deps = deps;
    this.#executions = executions;
    this.#services = services;
  }

  /** See {@link StepFunctions.startExecution}. */
  start(machine: StateMachine, { name = this.#deps.newId(), input = '{}' }: StartExecutionInput): Run {
    checkName(name);
    const data = parseInput(input);
    const nowMs = this.#deps.clock.nowMs();
    this.#executions.forgetOld(nowMs);
    const executionArn = this.#arn(machine, name);
    const existing = this.#executions.find(executionArn);
    if (existing) return sameExecution(existing, input);
    return this.#launch(machine, newRecord(machine, { executionArn, name, input, nowMs }), data);
  }

  /** Ends an execution, unless it is closed already: stops its task and its timers and answers whoever waits for it. */
  end(run: Run, ending: Ending): void {
    const { executionArn } = run.record;
    const launched = this.#launched.get(executionArn);
    if (!launched?.journal.end(ending)) return;
    run.save();
    this.#launched.delete(executionArn);
    this.#executions.closed(run.record);
    run.ended.end(new ExecutionEnded(`${executionArn} is ${ending.status}`));
    launched.close();
  }

  /** Takes back an execution that an earlier run kept; one that is open stands still until {@link resume}. */
  restore({ record, machine }: KeptExecution): void {
    if (record.status === 'RUNNING') {
      this.#standing.push(this.#prepare(machine, record, parseInput(record.input)));
      return;
    }
    const run = { record, machine, ended: new EndOfRun(), done: Promise.resolve(record), save: () => undefined };
    this.#executions.add(run);
    this.#executions.closed(record);
  }

  /** Lets what was restored go on: what fell due meanwhile is done at once. Safe to repeat. */
  resume(): void {
    for (const launched of this.#standing.splice(0)) {
      if (launched.run.record.status === 'RUNNING') this.#go(launched);
    }
  }

  #launch(machine: StateMachine, record: ExecutionRecord, input: Data): Run {
    const launched = this.#prepare(machine, record, input);
    launched.journal.append('ExecutionStarted', {
      input: record.input,
      inputDetails: NOT_TRUNCATED,
      roleArn: machine.roleArn,
    });
    launched.run.save();
    queueMicrotask(() => this.#go(launched));
    return launched.run;
  }

  #go({ run, input, journal }: Launched): void {
    void interpret(run, input, journal, this.#services).then((ending) => ending && this.end(run, ending));
  }

  #prepare(machine: StateMachine, record: ExecutionRecord, input: Data): Launched {
    const { clock, kept, publishLog, onEvent } = this.#deps;
    const { promise: done, resolve } = Promise.withResolvers<ExecutionRecord>();
    const save = kept && machine.type === 'STANDARD' ? () => kept.save(record, machine) : () => undefined;
    const run: Run = { record, machine, ended: new EndOfRun(), done, save };
    const journal = new Journal(
      record,
      () => clock.nowMs(),
      (event) => {
        onEvent?.(record, event);
        const line = publishLog && logLine(machine, record.executionArn, event);
        if (line) publishLog(line);
      },
    );
    const cancelDeadline = this.#startDeadline(run);
    const close = () => {
      cancelDeadline();
      resolve(record);
    };
    this.#executions.add(run);
    const launched = { run, input, journal, close };
    this.#launched.set(record.executionArn, launched);
    return launched;
  }

  /** AWS was recorded to give neither error nor cause for a Standard execution that timed out as a whole. */
  #startDeadline(run: Run): () => void {
    const { record } = run;
    if (record.deadlineMs === undefined) return () => undefined;
    const error = record.type === 'EXPRESS' ? 'States.Timeout' : undefined;
    return this.#deps.clock.after(Math.max(0, record.deadlineMs - this.#deps.clock.nowMs()), () =>
      this.end(run, { status: 'TIMED_OUT', error, cause: undefined }),
    );
  }

  #arn(machine: StateMachine, name: string): string {
    return machine.type === 'STANDARD'
      ? standardExecutionArn(this.#deps, machine.name, name)
      : expressExecutionArn(this.#deps, machine.name, name, this.#deps.newId());
  }
}

function newRecord(
  machine: StateMachine,
  given: { executionArn: string; name: string; input: string; nowMs: number },
): ExecutionRecord {
  const { timeoutSeconds } = machine.definition;
  const seconds =
    machine.type === 'EXPRESS' ? Math.min(timeoutSeconds ?? EXPRESS_SECONDS_MAX, EXPRESS_SECONDS_MAX) : timeoutSeconds;
  return {
    executionArn: given.executionArn,
    name: given.name,
    stateMachineArn: machine.stateMachineArn,
    type: machine.type,
    startMs: given.nowMs,
    deadlineMs: seconds === undefined ? undefined : given.nowMs + seconds * 1000,
    input: given.input,
    status: 'RUNNING',
    variables: {},
    tokenIds: [],
    history: [],
  };
}

/** Only Standard gets here: the ARN of an Express execution holds an id of its own. */
function sameExecution(existing: Run, input: string): Run {
  const { record } = existing;
  if (record.status === 'RUNNING' && record.input === input) return existing;
  throw new StepFunctionsError('ExecutionAlreadyExists', `Execution Already Exists: '${record.executionArn}'`);
}

function parseInput(input: string): Data {
  if (exceedsLimit(input)) {
    const message = 'Invalid State Machine Execution Input: the input is longer than 262144 bytes';
    throw new StepFunctionsError('InvalidExecutionInput', message);
  }
  try {
    const value = freeze(JSON.parse(input) as JsonValue);
    return { value, json: input };
  } catch (cause) {
    const message = 'Invalid State Machine Execution Input: the input is not valid JSON';
    throw new StepFunctionsError('InvalidExecutionInput', message, { cause });
  }
}
