import { type Home, stateMachineArn } from './arns.ts';
import type { StateMachineType } from './definition.ts';
import { parseDefinition } from './definition-parse.ts';
import { StepFunctionsError } from './errors.ts';
import { checkName } from './names.ts';
import type { ParseDefinition, ParseOptions } from './parse-options.ts';
import type { Logging, LogLevel, StateMachine } from './state-machine.ts';

export type CreateStateMachineInput = {
  readonly name: string;
  readonly type: StateMachineType;
  /** The definition's JSON text. */
  readonly definition: string;
  readonly roleArn: string;
  /** Without one, nothing is published. */
  readonly logGroupName?: string;
  /** OFF by default on AWS; here ALL when there is a log group, which is the only reason to name one. */
  readonly logLevel?: LogLevel;
  /** As on AWS, false by default. */
  readonly includeExecutionData?: boolean;
};

/** The state machines, by ARN, by the ARNs of their versions, and by their aliases, each of which leads to a version. */
export class StateMachines {
  readonly #home: Home;
  readonly #options: Omit<ParseOptions, 'type'>;
  readonly #parse: ParseDefinition;
  readonly #machines = new Map<string, StateMachine>();
  readonly #versions = new Map<string, StateMachine>();
  readonly #aliases = new Map<string, string>();

  constructor(home: Home, options: Omit<ParseOptions, 'type'>, parse: ParseDefinition = parseDefinition) {
    this.#home = home;
    this.#options = options;
    this.#parse = parse;
  }

  /**
   * Creates a machine and gives its ARN; repeating it with the same definition, type and role is safe.
   * @throws {InvalidDefinition} see definition-parse.ts
   * @throws {StepFunctionsError} InvalidName, StateMachineAlreadyExists
   */
  create(input: CreateStateMachineInput): string {
    checkName(input.name);
    const arn = stateMachineArn(this.#home, input.name);
    const existing = this.#machines.get(arn);
    if (existing) {
      if (isSame(existing, input)) return arn;
      throw new StepFunctionsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    this.#machines.set(arn, {
      stateMachineArn: arn,
      name: input.name,
      type: input.type,
      roleArn: input.roleArn,
      definitionText: input.definition,
      definition: this.#parse(input.definition, { ...this.#options, type: input.type }),
      logging: loggingOf(input),
      createdMs: this.#options.sources.clock.nowMs(),
    });
    return arn;
  }

  /** Makes a version of the machine as it is now; gives the version's ARN. Safe to repeat. */
  qualify(arn: string, version: string): string {
    const qualified = `${arn}:${version}`;
    this.#versions.set(qualified, this.get(arn));
    return qualified;
  }

  /**
   * Gives the machine another definition, and that a version. What runs goes on by the one that it was started with.
   * @throws {InvalidDefinition} and {StepFunctionsError} as create and get do
   */
  update(arn: string, definition: string): string {
    const machine = this.get(arn);
    const parsed = this.#parse(definition, { ...this.#options, type: machine.type });
    this.#machines.set(arn, { ...machine, definitionText: definition, definition: parsed });
    const versions = [...this.#versions.keys()].filter((key) => key.startsWith(`${arn}:`));
    return this.qualify(arn, String(versions.length + 1));
  }

  /** Lets an alias lead to a version, from the next start on. @throws {StepFunctionsError} StateMachineDoesNotExist */
  pointAlias(aliasArn: string, versionArn: string): void {
    this.get(versionArn);
    this.#aliases.set(aliasArn, versionArn);
  }

  /** The ARN of the version that an alias leads to. @throws {StepFunctionsError} ResourceNotFound */
  aliasVersion(aliasArn: string): string {
    const versionArn = this.#aliases.get(aliasArn);
    if (versionArn === undefined) throw new StepFunctionsError('ResourceNotFound', `Resource not found: '${aliasArn}'`);
    return versionArn;
  }

  /** @throws {StepFunctionsError} InvalidArn, StateMachineDoesNotExist */
  get(arn: string): StateMachine {
    if (!/^arn:aws[\w-]*:states:[\w-]+:\d{12}:stateMachine:\S+$/.test(arn)) {
      throw new StepFunctionsError('InvalidArn', `Invalid Arn: '${arn}'`);
    }
    const machine = this.#machines.get(arn) ?? this.#versions.get(this.#aliases.get(arn) ?? arn);
    if (machine) return machine;
    throw new StepFunctionsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  /** In the order in which they were created. */
  list(): StateMachine[] {
    return [...this.#machines.values()];
  }
}

function isSame(machine: StateMachine, input: CreateStateMachineInput): boolean {
  return (
    machine.definitionText === input.definition && machine.type === input.type && machine.roleArn === input.roleArn
  );
}

function loggingOf({ logGroupName, logLevel, includeExecutionData }: CreateStateMachineInput): Logging | undefined {
  if (logGroupName === undefined) return undefined;
  return { logGroupName, level: logLevel ?? 'ALL', includeExecutionData: includeExecutionData ?? false };
}
