import * as z from 'zod';
import { AwsError, unknownAction, type WireService } from '../aws/wire.ts';
import type { JsonObject } from '../json.ts';
import type { StepFunctions } from './engine.ts';
import { InvalidDefinition, StepFunctionsError } from './errors.ts';
import type { ExecutionRecord } from './execution.ts';
import { present } from './history.ts';
import { page } from './page.ts';
import { historyEventToWire } from './wire-history.ts';

type Action = (engine: StepFunctions, input: JsonObject) => Promise<JsonObject> | JsonObject;

const arn = z.string().min(1).max(256);
const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const start = z.object({
  stateMachineArn: arn,
  name: z.string().optional(),
  input: z.string().optional(),
  traceHeader: z.string().optional(),
});

/** The actions of the Step Functions API that are run here (AWS JSON 1.0, target `AWSStepFunctions.<Action>`). */
const ACTIONS: Readonly<Record<string, Action>> = {
  ListStateMachines: action(z.strictObject(paging), (engine, input) => {
    const { items, nextToken } = page(engine.listStateMachines(), ({ stateMachineArn }) => stateMachineArn, input);
    const stateMachines = items.map(({ stateMachineArn, name, type, createdMs }) => ({
      stateMachineArn,
      name,
      type,
      creationDate: createdMs / 1000,
    }));
    return present({ stateMachines, nextToken });
  }),
  DescribeStateMachine: action(z.object({ stateMachineArn: arn }), (engine, { stateMachineArn }) => {
    const machine = engine.describeStateMachine(stateMachineArn);
    return {
      stateMachineArn: machine.stateMachineArn,
      name: machine.name,
      status: 'ACTIVE',
      definition: machine.definitionText,
      roleArn: machine.roleArn,
      type: machine.type,
      creationDate: machine.createdMs / 1000,
    };
  }),
  ValidateStateMachineDefinition: action(
    z.object({ definition: z.string(), type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD') }),
    (engine, { definition, type }) => {
      const diagnostics = engine.validateDefinition(definition, type).map((diagnostic) => ({ ...diagnostic }));
      return { result: diagnostics.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: false };
    },
  ),
  UpdateStateMachine: action(
    z.strictObject({ stateMachineArn: arn, definition: z.string(), publish: z.literal(true) }),
    (engine, { stateMachineArn, definition }) => ({
      stateMachineVersionArn: engine.updateStateMachine(stateMachineArn, definition),
      updateDate: engine.describeStateMachine(stateMachineArn).createdMs / 1000,
    }),
  ),
  DescribeStateMachineAlias: action(z.object({ stateMachineAliasArn: arn }), (engine, { stateMachineAliasArn }) => ({
    stateMachineAliasArn,
    name: stateMachineAliasArn.split(':').at(-1) ?? '',
    routingConfiguration: [{ stateMachineVersionArn: engine.aliasVersion(stateMachineAliasArn), weight: 100 }],
  })),
  UpdateStateMachineAlias: action(
    z.strictObject({
      stateMachineAliasArn: arn,
      routingConfiguration: z.tuple([z.strictObject({ stateMachineVersionArn: arn, weight: z.literal(100) })]),
    }),
    (engine, { stateMachineAliasArn, routingConfiguration: [{ stateMachineVersionArn }] }) => {
      engine.aliasVersion(stateMachineAliasArn);
      engine.pointAlias(stateMachineAliasArn, stateMachineVersionArn);
      return { updateDate: engine.describeStateMachine(stateMachineVersionArn).createdMs / 1000 };
    },
  ),
  StartExecution: action(start, (engine, input) => {
    const { executionArn, startMs } = engine.startExecution(toStart(input));
    return { executionArn, startDate: startMs / 1000 };
  }),
  StartSyncExecution: action(start, async (engine, input) =>
    syncToWire(await engine.startSyncExecution(toStart(input))),
  ),
  DescribeExecution: action(z.object({ executionArn: arn }), (engine, { executionArn }) =>
    executionToWire(engine.describeExecution(standard(executionArn))),
  ),
  GetExecutionHistory: action(
    z.strictObject({
      executionArn: arn,
      reverseOrder: z.boolean().default(false),
      includeExecutionData: z.boolean().default(true),
      ...paging,
    }),
    (engine, { executionArn, reverseOrder, includeExecutionData, ...input }) => {
      const history = engine.getExecutionHistory(standard(executionArn));
      const events = reverseOrder ? history.toReversed() : history;
      const { items, nextToken } = page(events, ({ id }) => String(id), input);
      return present({ events: items.map((event) => historyEventToWire(event, includeExecutionData)), nextToken });
    },
  ),
  ListExecutions: action(
    z.strictObject({
      stateMachineArn: arn,
      statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
      ...paging,
    }),
    (engine, { stateMachineArn, statusFilter, ...input }) => {
      if (engine.describeStateMachine(stateMachineArn).type === 'EXPRESS') throw typeNotSupported();
      const records = engine.listExecutions(stateMachineArn, statusFilter);
      const { items, nextToken } = page(records, ({ executionArn }) => executionArn, input);
      return present({ executions: items.map(summaryToWire), nextToken });
    },
  ),
  StopExecution: action(
    z.object({ executionArn: arn, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
    (engine, { executionArn, error, cause }) => {
      const { stopMs } = engine.stopExecution(standard(executionArn), error, cause);
      return { stopDate: (stopMs ?? 0) / 1000 };
    },
  ),
  SendTaskSuccess: action(
    z.object({ taskToken: z.string().min(1).max(2048), output: z.string().max(262_144) }),
    (engine, { taskToken, output }) => {
      engine.sendTaskSuccess(taskToken, output);
      return {};
    },
  ),
  SendTaskFailure: action(
    z.object({
      taskToken: z.string().min(1).max(2048),
      error: z.string().max(256).optional(),
      cause: z.string().max(32_768).optional(),
    }),
    (engine, { taskToken, error, cause }) => {
      engine.sendTaskFailure(taskToken, error, cause);
      return {};
    },
  ),
  SendTaskHeartbeat: action(z.object({ taskToken: z.string().min(1).max(2048) }), (engine, { taskToken }) => {
    engine.sendTaskHeartbeat(taskToken);
    return {};
  }),
};

/** The Step Functions API over the engine. Machines are created by whoever starts the engine, not over the wire; an alias leads to one version. */
export function createStepFunctionsService(engine: StepFunctions): WireService {
  return {
    signingNames: ['states'],
    async handle({ action: name, input }) {
      const run = ACTIONS[name];
      if (!run) throw unknownAction('states', name);
      try {
        return await run(engine, input);
      } catch (error) {
        throw toAwsError(error);
      }
    },
  };
}

function action<T>(
  schema: z.ZodType<T>,
  run: (engine: StepFunctions, input: T) => Promise<JsonObject> | JsonObject,
): Action {
  return (engine, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(engine, parsed.data);
    throw new AwsError('ValidationException', z.prettifyError(parsed.error), { cause: parsed.error });
  };
}

function toAwsError(error: unknown): unknown {
  if (error instanceof StepFunctionsError) return new AwsError(error.code, error.message, { cause: error });
  if (error instanceof InvalidDefinition) return new AwsError('InvalidDefinition', error.message, { cause: error });
  return error;
}

function toStart({ stateMachineArn, name, input }: z.infer<typeof start>) {
  return { stateMachineArn, ...(name !== undefined && { name }), ...(input !== undefined && { input }) };
}

/** The executions of Express machines have no history to ask for, on AWS or over this wire; the logs have it. */
function standard(executionArn: string): string {
  if (!executionArn.includes(':express:')) return executionArn;
  throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
}

function typeNotSupported(): AwsError {
  return new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
}

function summaryToWire(record: ExecutionRecord): JsonObject {
  return present({
    executionArn: record.executionArn,
    stateMachineArn: record.stateMachineArn,
    name: record.name,
    status: record.status,
    startDate: record.startMs / 1000,
    stopDate: record.stopMs === undefined ? undefined : record.stopMs / 1000,
    redriveCount: record.type === 'STANDARD' ? 0 : undefined,
  });
}

function executionToWire(record: ExecutionRecord): JsonObject {
  return {
    ...summaryToWire(record),
    ...present({
      input: record.input,
      inputDetails: { included: true },
      output: record.output,
      outputDetails: record.output === undefined ? undefined : { included: true },
      error: record.error,
      cause: record.cause,
    }),
  };
}

/** The least that AWS bills: 64 MB, in steps of 100 ms. */
const BILLED_MEMORY_MB = 64;
const BILLED_STEP_MS = 100;

function syncToWire(record: ExecutionRecord): JsonObject {
  const durationMs = (record.stopMs ?? record.startMs) - record.startMs;
  return {
    ...executionToWire(record),
    billingDetails: {
      billedMemoryUsedInMB: BILLED_MEMORY_MB,
      billedDurationInMilliseconds: Math.max(1, Math.ceil(durationMs / BILLED_STEP_MS)) * BILLED_STEP_MS,
    },
  };
}
