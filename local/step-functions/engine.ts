import type { Clock } from '../clock.ts';
import type { KeptMap } from '../data/kept-map.ts';
import type { JsonValue } from '../json.ts';
import { parseDefinition } from './definition-parse.ts';
import { type Diagnostic, InvalidDefinition, StepFunctionsError } from './errors.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution.ts';
import { Executions } from './executions.ts';
import type { HistoryEvent } from './history.ts';
import { KeptExecutions } from './kept-executions.ts';
import { Launcher, type StartExecutionInput } from './launcher.ts';
import type { ParseDefinition, ParseOptions } from './parse-options.ts';
import type { PublishedLog } from './publish-log.ts';
import type { Resource } from './resource.ts';
import type { StateMachine } from './state-machine.ts';
import { type CreateStateMachineInput, StateMachines } from './state-machines.ts';
import type { TaskRunner } from './task-runner.ts';
import type { TaskServices } from './task-services.ts';
import { TaskTokens } from './task-tokens.ts';
import { isRunnable } from './tasks/runnable.ts';

export { TaskError } from './errors.ts';
export type { StartExecutionInput } from './launcher.ts';
export type { CreateStateMachineInput } from './state-machines.ts';
export type { TaskCall, TaskRunner } from './task-runner.ts';

export type StepFunctionsDeps = {
  readonly clock: Clock;
  /** Ids that never repeat, as UUIDs: of executions, of task tokens, and what `$uuid()` answers. */
  readonly newId: () => string;
  /** 0 (inclusive) to 1 (exclusive): of jitter and `$random()`. */
  readonly random: () => number;
  readonly runTask: TaskRunner;
  /** Called with each event that a machine logs, as it happens. */
  readonly publishLog?: (line: PublishedLog) => void;
  /** Where Standard executions outlive the process. */
  readonly kept?: KeptMap | undefined;
  /** Called with every event of every execution, logged or not, as it happens. */
  readonly onEvent?: ((execution: ExecutionRecord, event: HistoryEvent) => void) | undefined;
  readonly accountId: string;
  readonly region: string;
  /** What a definition may name as a Resource. By default what `tasks/` runs. */
  readonly supportsResource?: (resource: Resource) => boolean;
  /** Reads and compiles definitions. A caller that makes thousands of engines gives one that remembers. */
  readonly parse?: ParseDefinition;
};

export type StepFunctions = {
  /** Lets the executions that an earlier run kept go on, once everything that their tasks call is there. Safe to repeat. */
  resume(): void;
  /** @throws {InvalidDefinition} naming state and field; {StepFunctionsError} InvalidName, StateMachineAlreadyExists */
  createStateMachine(input: CreateStateMachineInput): string;
  /** Makes a version of the machine as it is now; gives the version's ARN. Safe to repeat. */
  qualifyStateMachine(stateMachineArn: string, version: string): string;
  /** Gives the machine another definition, and that a version, whose ARN it gives. @throws as createStateMachine */
  updateStateMachine(stateMachineArn: string, definition: string): string;
  /** Lets an alias lead to a version. Safe to repeat. @throws {StepFunctionsError} StateMachineDoesNotExist */
  pointAlias(aliasArn: string, versionArn: string): void;
  /** The ARN of the version that an alias leads to. @throws {StepFunctionsError} ResourceNotFound */
  aliasVersion(aliasArn: string): string;
  /** Empty when the definition would be accepted. */
  validateDefinition(definition: string, type: 'STANDARD' | 'EXPRESS'): readonly Diagnostic[];
  listStateMachines(): StateMachine[];
  describeStateMachine(stateMachineArn: string): StateMachine;
  /**
   * Starts an execution; its first state runs when the caller has given way. A Standard execution that is open with
   * the same name and input is answered instead of started; Express starts another each time.
   * @throws {StepFunctionsError} ExecutionAlreadyExists (open with other input, or closed less than 90 days ago),
   *   InvalidName, InvalidExecutionInput, InvalidArn, StateMachineDoesNotExist
   */
  startExecution(input: StartExecutionInput): ExecutionRecord;
  /** Express only. Resolves when it closed, whatever its status. @throws {StepFunctionsError} as startExecution */
  startSyncExecution(input: StartExecutionInput): Promise<ExecutionRecord>;
  /** Of Standard executions, and of the last thousand Express ones. @throws {StepFunctionsError} ExecutionDoesNotExist */
  describeExecution(executionArn: string): ExecutionRecord;
  /** Resolves with the record when the execution closed. @throws {StepFunctionsError} ExecutionDoesNotExist */
  executionDone(executionArn: string): Promise<ExecutionRecord>;
  getExecutionHistory(executionArn: string): readonly HistoryEvent[];
  /** Newest first. */
  listExecutions(stateMachineArn: string, status?: ExecutionStatus): ExecutionRecord[];
  /** Safe to repeat: a closed execution stays as it is. */
  stopExecution(executionArn: string, error?: string, cause?: string): ExecutionRecord;
  /** @throws {StepFunctionsError} InvalidOutput (no JSON), TaskTimedOut, TaskDoesNotExist, InvalidToken */
  sendTaskSuccess(taskToken: string, output: string): void;
  /** @throws {StepFunctionsError} TaskTimedOut, TaskDoesNotExist, InvalidToken */
  sendTaskFailure(taskToken: string, error?: string, cause?: string): void;
  /** Starts the heartbeat's time anew. @throws {StepFunctionsError} TaskTimedOut, TaskDoesNotExist, InvalidToken */
  sendTaskHeartbeat(taskToken: string): void;
};

/**
 * A local Step Functions: Standard and Express, in JSONata, without Map, Parallel and activities. All time comes from
 * `clock`, all chance from `newId` and `random`, so that equal answers of the tasks give equal executions.
 */
export function createStepFunctions(deps: StepFunctionsDeps): StepFunctions {
  const { clock, newId, random } = deps;
  const sources = { clock, newId, random };
  const options = { sources, supportsResource: deps.supportsResource ?? isRunnable };
  const machines = new StateMachines(deps, options, deps.parse);
  const kept = deps.kept && new KeptExecutions(deps.kept);
  const executions = new Executions((record) => kept?.forget(record));
  const tokens = new TaskTokens(newId, (arn) => executions.find(arn)?.record);
  const services: TaskServices = { clock, random, region: deps.region, runTask: deps.runTask, tokens };
  const launcher = new Launcher({ ...deps, kept }, executions, services);
  for (const one of kept?.load(options) ?? []) launcher.restore(one);

  return {
    resume: () => launcher.resume(),
    createStateMachine: (input) => machines.create(input),
    qualifyStateMachine: (arn, version) => machines.qualify(arn, version),
    updateStateMachine: (arn, definition) => machines.update(arn, definition),
    pointAlias: (aliasArn, versionArn) => machines.pointAlias(aliasArn, versionArn),
    aliasVersion: (aliasArn) => machines.aliasVersion(aliasArn),
    validateDefinition: (definition, type) => diagnose(definition, { ...options, type }),
    listStateMachines: () => machines.list(),
    describeStateMachine: (arn) => machines.get(arn),
    startExecution: (input) => launcher.start(machines.get(input.stateMachineArn), input).record,
    async startSyncExecution(input) {
      const machine = machines.get(input.stateMachineArn);
      if (machine.type === 'EXPRESS') return launcher.start(machine, input).done;
      const message = 'This operation is not supported by this type of state machine';
      throw new StepFunctionsError('StateMachineTypeNotSupported', message);
    },
    describeExecution: (arn) => executions.get(arn).record,
    executionDone: async (arn) => executions.get(arn).done,
    getExecutionHistory: (arn) => executions.get(arn).record.history,
    listExecutions: (arn, status) => executions.list(machines.get(arn).stateMachineArn, status),
    stopExecution(arn, error, cause) {
      launcher.end(executions.get(arn), { status: 'ABORTED', error, cause });
      return executions.get(arn).record;
    },
    sendTaskSuccess: (token, output) => tokens.find(token).success(parseOutput(output)),
    sendTaskFailure: (token, error, cause) => tokens.find(token).failure(error, cause),
    sendTaskHeartbeat: (token) => tokens.find(token).heartbeat(),
  };
}

function diagnose(definition: string, options: ParseOptions): readonly Diagnostic[] {
  try {
    parseDefinition(definition, options);
    return [];
  } catch (error) {
    if (error instanceof InvalidDefinition) return error.diagnostics;
    throw error;
  }
}

function parseOutput(output: string): JsonValue {
  try {
    return JSON.parse(output) as JsonValue;
  } catch (cause) {
    throw new StepFunctionsError('InvalidOutput', "Invalid Output: 'The output is not valid JSON'", { cause });
  }
}
