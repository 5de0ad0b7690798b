import { StepFunctionsError } from './errors.ts';
import type { ExecutionRecord, ExecutionStatus, Run } from './execution.ts';

/** A closed Standard execution's name stays taken, and its history readable, for so long. */
const RETENTION_MS = 90 * 24 * 60 * 60 * 1000;
/** Express executions are not kept on AWS at all; the last ones are readable here, for tests and operators. */
const EXPRESS_KEPT_MAX = 1_000;

/** All executions that can still be asked for, in the order of their start. */
export class Executions {
  readonly #runs = new Map<string, Run>();
  readonly #closedStandard: string[] = [];
  readonly #express: string[] = [];
  readonly #onForgotten: (record: ExecutionRecord) => void;

  /** @param onForgotten called with each Standard execution that can no longer be asked for */
  constructor(onForgotten: (record: ExecutionRecord) => void) {
    this.#onForgotten = onForgotten;
  }

  add(run: Run): void {
    this.#runs.set(run.record.executionArn, run);
    if (run.record.type === 'EXPRESS') this.#express.push(run.record.executionArn);
    while (this.#express.length > EXPRESS_KEPT_MAX) {
      const oldest = this.#express.shift();
      if (oldest !== undefined) this.#runs.delete(oldest);
    }
  }

  /** Notes that an execution closed, so that its name is free again in 90 days. */
  closed(record: ExecutionRecord): void {
    if (record.type === 'STANDARD') this.#closedStandard.push(record.executionArn);
  }

  /** Forgets Standard executions that closed 90 days ago or more. */
  forgetOld(nowMs: number): void {
    for (let oldest = this.#closedStandard[0]; oldest !== undefined; oldest = this.#closedStandard[0]) {
      const record = this.#runs.get(oldest)?.record;
      if (nowMs - (record?.stopMs ?? 0) < RETENTION_MS) return;
      if (record) this.#onForgotten(record);
      this.#closedStandard.shift();
      this.#runs.delete(oldest);
    }
  }

  find(executionArn: string): Run | undefined {
    return this.#runs.get(executionArn);
  }

  /** @throws {StepFunctionsError} ExecutionDoesNotExist */
  get(executionArn: string): Run {
    const run = this.#runs.get(executionArn);
    if (run) return run;
    throw new StepFunctionsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
  }

  /** Of one machine, newest first. */
  list(stateMachineArn: string, status: ExecutionStatus | undefined): ExecutionRecord[] {
    const records = [...this.#runs.values()].map(({ record }) => record);
    return records
      .filter((record) => record.stateMachineArn === stateMachineArn && (!status || record.status === status))
      .reverse();
  }
}
