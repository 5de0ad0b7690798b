import type { Definition, StateMachineType } from './definition.ts';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

/** Where a machine's history is published, as its LoggingConfiguration says. */
export type Logging = {
  readonly logGroupName: string;
  readonly level: LogLevel;
  readonly includeExecutionData: boolean;
};

export type StateMachine = {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: StateMachineType;
  readonly roleArn: string;
  readonly definitionText: string;
  readonly definition: Definition;
  readonly logging: Logging | undefined;
  readonly createdMs: number;
};
