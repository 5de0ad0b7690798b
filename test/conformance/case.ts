import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../local/json.ts';

/** One attempt of a task as AWS was recorded: how it was called, and how it ended. */
export type ScriptedTask = {
  readonly state: string;
  readonly resource: string;
  readonly expectedArguments?: JsonValue;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  /** The answer of the initial call of a task that waits for its token. */
  readonly submitted?: JsonValue;
  readonly result?: JsonValue;
  readonly error?: { readonly Error?: string; readonly Cause?: string };
  readonly timeout?: true;
  readonly callback?: {
    readonly success?: JsonValue;
    readonly failure?: { readonly error?: string; readonly cause?: string };
  };
  readonly pending?: true;
};

export type TraceItem = {
  readonly event: string;
  readonly state?: string;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly assignedVariables?: JsonObject;
  readonly error?: string;
  readonly cause?: JsonValue;
  readonly location?: string;
};

type Common = {
  readonly id: string;
  readonly features: readonly string[];
  readonly queryLanguage: string;
  readonly type: 'STANDARD' | 'EXPRESS';
};

export type ExecutionCase = Common & {
  readonly kind: 'execution';
  readonly definition: JsonValue;
  readonly input: JsonValue;
  readonly tasks: readonly ScriptedTask[];
  readonly expected: {
    readonly status: string;
    readonly output?: JsonValue;
    readonly error?: JsonValue;
    readonly cause?: JsonValue;
    readonly statesEntered: readonly string[] | null;
    readonly statesEnteredOrder?: 'exact' | 'unordered';
    readonly retries?: Readonly<Record<string, number>>;
    readonly eventTypes?: readonly string[];
    readonly endEventId?: number;
    readonly trace?: readonly TraceItem[];
  };
};

export type ChoiceTableCase = Common & {
  readonly kind: 'choiceTable';
  readonly definition: JsonValue;
  readonly rows: readonly { readonly choiceRule: JsonValue; readonly input: JsonValue; readonly entered: string }[];
};

export type TestStateCase = Common & {
  readonly kind: 'testState';
  readonly request: {
    readonly definition: JsonObject;
    readonly input?: JsonValue;
    readonly stateName?: string;
    readonly context?: JsonObject;
    readonly variables?: JsonObject;
    readonly mock?: {
      readonly result?: string;
      readonly errorOutput?: { readonly error?: string; readonly cause?: string };
    };
    readonly stateConfiguration?: JsonObject;
    readonly inspectionLevel?: string;
  };
  readonly expected: JsonObject;
};

export type ValidationCase = Common & {
  readonly kind: 'validation';
  readonly api: 'create_state_machine' | 'validate_state_machine_definition';
  readonly definition: JsonValue;
  readonly expected: {
    readonly apiError?: { readonly code: string; readonly message: string };
    readonly result?: 'OK' | 'FAIL';
    readonly diagnostics?: JsonValue;
  };
};

export type ErrorFact = {
  readonly event: string;
  readonly resource: string | null;
  readonly action: string | null;
  readonly error: string | null;
  readonly cause: JsonValue;
  readonly catchMatches?: readonly {
    readonly catchers: readonly (readonly string[])[];
    readonly matchedCatcherIndexes: readonly number[];
  }[];
};

export type ErrorNamesCase = Common & {
  readonly kind: 'errorNames';
  readonly service: string;
  readonly facts: readonly ErrorFact[];
};

export type Case = ExecutionCase | ChoiceTableCase | TestStateCase | ValidationCase | ErrorNamesCase;

/** Every case of a folder, in the order of its file names. The files are taken as they are. */
export function loadCases(directory: string): Case[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Case);
}
