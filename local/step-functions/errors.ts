import type { JsonObject } from '../json.ts';

/**
 * Why a definition is not accepted. `NOT_RUN_LOCALLY` marks what AWS would accept and this engine does not run; every
 * other code is AWS's own (https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html).
 */
export type Diagnostic = {
  readonly severity: 'ERROR';
  readonly code:
    | 'SCHEMA_VALIDATION_FAILED'
    | 'INVALID_JSON_DESCRIPTION'
    | 'MISSING_TRANSITION_TARGET'
    | 'MISSING_END_STATE'
    | 'INVALID_JSONATA_EXPRESSION'
    | 'UNSUPPORTED_JSONATA_EXPRESSION'
    | 'NOT_RUN_LOCALLY';
  readonly message: string;
  /** A path into the definition, e.g. `/States/Submit/Resource`; absent where the whole workflow is meant. */
  readonly location?: string;
};

/**
 * Thrown when a state machine is created whose definition AWS would refuse, or which uses something that is not run
 * here: never run wrongly, never ignored in silence. The message names each state and field.
 */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition' as const;
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const reasons = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location ?? 'null'}`);
    super(`Invalid State Machine Definition: '${reasons.join(', ')}'`);
    this.diagnostics = diagnostics;
  }

  /** True when AWS would have accepted the definition, as far as this engine can tell. */
  get onlyRefusedHere(): boolean {
    return this.diagnostics.every(({ code }) => code === 'NOT_RUN_LOCALLY');
  }
}

/** The Step Functions API's own refusals, all of them HTTP 400. */
export type ApiErrorCode =
  | 'ExecutionAlreadyExists'
  | 'ExecutionDoesNotExist'
  | 'InvalidArn'
  | 'InvalidExecutionInput'
  | 'InvalidName'
  | 'InvalidOutput'
  | 'InvalidToken'
  | 'ResourceNotFound'
  | 'StateMachineAlreadyExists'
  | 'StateMachineDoesNotExist'
  | 'StateMachineTypeNotSupported'
  | 'TaskDoesNotExist'
  | 'TaskTimedOut'
  | 'ValidationException';

/** A call refused as AWS names it (`code`); wire.ts answers it with HTTP 400. */
export class StepFunctionsError extends Error {
  override readonly name = 'StepFunctionsError' as const;
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * What a task runner rejects with. `error` is the name that Retry and Catch match, as AWS writes it
 * (`DynamoDB.ConditionalCheckFailedException`, `Lambda.TooManyRequestsException`, or a function's own `errorType`).
 */
export class TaskError extends Error {
  override readonly name = 'TaskError' as const;
  readonly error: string | undefined;
  readonly taskCause: string | undefined;

  constructor(error: string | undefined, taskCause: string | undefined, options?: { cause?: unknown }) {
    super(taskCause ?? error ?? 'the task failed', options);
    this.error = error;
    this.taskCause = taskCause;
  }
}

/**
 * A state failed. Only the engine throws it.
 *
 * `terminal` failures end the execution whatever Retry and Catch say: `States.Runtime`, and data over the limit outside
 * a task (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html). A task that *itself*
 * fails with `States.DataLimitExceeded` is not terminal: AWS was recorded to catch it with `States.ALL`.
 */
export class StateFailure extends Error {
  override readonly name = 'StateFailure' as const;
  readonly error: string | undefined;
  readonly failureCause: string | undefined;
  readonly terminal: boolean;
  /** Further names by which a retrier or catcher may match, e.g. `States.HeartbeatTimeout` beside `States.Timeout`. */
  readonly alsoMatches: readonly string[];

  constructor(
    error: string | undefined,
    failureCause: string | undefined,
    options: { terminal?: boolean; alsoMatches?: readonly string[]; cause?: unknown } = {},
  ) {
    super(failureCause ?? error ?? 'the state failed', 'cause' in options ? { cause: options.cause } : undefined);
    this.error = error;
    this.failureCause = failureCause;
    this.terminal = options.terminal ?? false;
    this.alsoMatches = options.alsoMatches ?? [];
  }

  /** `$states.errorOutput` of a catcher. Both keys are there, as AWS shows them, even when nothing was given. */
  get errorOutput(): JsonObject {
    return { Error: this.error ?? '', Cause: this.failureCause ?? '' };
  }
}
