import type { Cancel } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { StepFunctionsError } from './errors.ts';
import type { ExecutionRecord } from './execution.ts';

/** What a callback does to the attempt that waits for it. */
export type TokenCallback = {
  success(value: JsonValue): void;
  failure(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
};

type FindExecution = (executionArn: string) => ExecutionRecord | undefined;

/**
 * Task tokens. A token names its execution and holds an id of its own; it is a new one for each attempt, and it is dead
 * as soon as the attempt ends
 * (https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token).
 */
export class TaskTokens {
  readonly #newId: () => string;
  readonly #findExecution: FindExecution;
  readonly #open = new Map<string, TokenCallback>();

  constructor(newId: () => string, findExecution: FindExecution) {
    this.#newId = newId;
    this.#findExecution = findExecution;
  }

  /** Makes the token of an attempt that is about to start. */
  issue(record: ExecutionRecord): string {
    const id = this.#newId();
    record.tokenIds.push(id);
    return Buffer.from(JSON.stringify([record.executionArn, id])).toString('base64url');
  }

  /** From now on until the answer is called, a callback with this token reaches the attempt. */
  open(token: string, callback: TokenCallback): Cancel {
    this.#open.set(token, callback);
    return () => {
      this.#open.delete(token);
    };
  }

  /**
   * The attempt that waits for this token.
   * @throws {StepFunctionsError} TaskTimedOut when its attempt is over (expired, answered, stopped: a duplicate too),
   *   TaskDoesNotExist when it was never given out here, InvalidToken when it is no token at all
   */
  find(token: string): TokenCallback {
    const callback = this.#open.get(token);
    if (callback) return callback;
    const { executionArn, id } = readToken(token);
    if (this.#findExecution(executionArn)?.tokenIds.includes(id)) {
      const message = "Task Timed Out: 'Provided task does not exist anymore'";
      throw new StepFunctionsError('TaskTimedOut', message);
    }
    throw new StepFunctionsError('TaskDoesNotExist', `Task does not exist: '${executionArn}'`);
  }
}

/** The execution whose task waits for the token; undefined when it is no token at all. */
export function executionArnOf(token: string): string | undefined {
  try {
    return readToken(token).executionArn;
  } catch (error) {
    if (error instanceof StepFunctionsError) return undefined;
    throw error;
  }
}

function readToken(token: string): { executionArn: string; id: string } {
  try {
    const [executionArn, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    if (typeof executionArn === 'string' && typeof id === 'string') return { executionArn, id };
  } catch {
    // Falls through: whatever does not read as a token is refused alike.
  }
  throw new StepFunctionsError('InvalidToken', "Invalid Token: 'Invalid token'");
}
