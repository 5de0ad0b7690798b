import type { Resource } from './resource.ts';
import type { Template } from './template.ts';

export type StateMachineType = 'STANDARD' | 'EXPRESS';

/** A definition that was checked and compiled, ready to be run any number of times. */
export type Definition = {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
};

/** `next` is undefined where the state ends the execution. */
export type Transition = { readonly next: string | undefined };

/** The fields that shape what leaves a state. */
export type Shaping = { readonly output?: Template; readonly assign?: Template };

export type PassState = { readonly type: 'Pass'; readonly name: string } & Transition & Shaping;
export type SucceedState = { readonly type: 'Succeed'; readonly name: string; readonly output?: Template };
export type FailState = {
  readonly type: 'Fail';
  readonly name: string;
  readonly error?: Template;
  readonly cause?: Template;
};
export type WaitState = {
  readonly type: 'Wait';
  readonly name: string;
  readonly seconds?: Template;
  readonly timestamp?: Template;
} & Transition &
  Shaping;
export type ChoiceRule = { readonly condition: Template; readonly next: string } & Shaping;
export type ChoiceState = {
  readonly type: 'Choice';
  readonly name: string;
  readonly rules: readonly ChoiceRule[];
  readonly otherwise: string | undefined;
} & Shaping;
export type TaskState = {
  readonly type: 'Task';
  readonly name: string;
  readonly resource: Exclude<Resource, { kind: 'activity' }>;
  readonly arguments?: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
} & Transition &
  Shaping;
export type State = PassState | SucceedState | FailState | WaitState | ChoiceState | TaskState;

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitterStrategy: 'FULL' | 'NONE';
};
export type Catcher = { readonly errorEquals: readonly string[]; readonly next: string } & Shaping;
