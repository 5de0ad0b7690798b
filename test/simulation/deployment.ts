import { fileURLToPath } from 'node:url';
import { ACCOUNT_ID, REGION } from '../../local/aws/account.ts';
import type { JsonObject, JsonValue } from '../../local/json.ts';
import type { StepFunctions } from '../../local/step-functions/engine.ts';
import type { CreateStateMachineInput } from '../../local/step-functions/state-machines.ts';
import { loadTemplate, type ResolvedResource } from '../../local/template/resolve.ts';
import { identify } from '../../local/template/resource-types.ts';
import { resourceTypes as stateMachineTypes } from '../../local/template/state-machines.ts';
import { synthesise } from '../../local/template/synthesis.ts';
import type { Index, TableShape } from './database/table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAGE = 'dev';
const STACK_NAME = `Payouts-${STAGE}`;
/** What a deployment is asked for. Nothing here sends mail. */
const PARAMETERS = { AlarmEmail: 'nobody@localhost' };

export type FunctionShape = {
  /** Kebab case, as its folder: `submit-payment`. */
  readonly name: string;
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** A machine, with the aliases that it may be started by. */
export type MachineShape = CreateStateMachineInput & { readonly aliases: readonly string[] };

/** What the synthesised template would make, as far as the simulation runs it. Plain data: workers are given it. */
export type Deployment = {
  readonly machines: readonly MachineShape[];
  readonly functions: readonly FunctionShape[];
  readonly tables: readonly TableShape[];
};

/** Functions that no payout meets, each with who calls it. Any other that has no composition (functions/compositions.ts) stops a world. */
const NOT_SIMULATED: ReadonlySet<string> = new Set([
  // CodeDeploy, before a deployment's traffic is moved.
  'smoke-test',
  // A schedule; it reads, and changes no payout.
  'watch-payouts',
]);

/** Synthesises the app, unless that was done before with the same inputs, and reads the stage that the local run runs. */
export async function readDeployment(onStart?: () => void): Promise<Deployment> {
  const directory = await synthesise(ROOT, STAGE, onStart);
  const place = { accountId: ACCOUNT_ID, region: REGION, awsPort: 1 };
  const { resources } = loadTemplate(directory, STACK_NAME, {
    ...place,
    apiOrigin: 'http://127.0.0.1:1',
    parameters: PARAMETERS,
    identify: (type, logicalId, properties) => identify(type, logicalId, properties, place),
  });
  return {
    machines: ofType(resources, 'AWS::StepFunctions::StateMachine').map((resource) => ({
      ...machineOf(resource),
      aliases: aliasesOf(resource.ref, resources),
    })),
    functions: ofType(resources, 'AWS::Lambda::Function')
      .map((resource) => functionOf(resource, `payouts-${STAGE}-`))
      .filter(({ name }) => !NOT_SIMULATED.has(name)),
    tables: ofType(resources, 'AWS::DynamoDB::Table').map(tableOf),
  };
}

function ofType(resources: readonly ResolvedResource[], wanted: string): ResolvedResource[] {
  return resources.filter(({ type }) => type === wanted);
}

/** The local run's own reader of a machine is asked, and what it would create is kept. */
function machineOf(resource: ResolvedResource): CreateStateMachineInput {
  const created: CreateStateMachineInput[] = [];
  const createStateMachine: StepFunctions['createStateMachine'] = (input) => {
    created.push(input);
    return '';
  };
  const stepFunctions = { createStateMachine } as Partial<StepFunctions> as StepFunctions;
  void stateMachineTypes[resource.type]?.create(resource, { stepFunctions });
  const [machine] = created;
  if (!machine) throw new Error(`${resource.logicalId} creates no state machine`);
  return machine;
}

function aliasesOf(machineArn: string, resources: readonly ResolvedResource[]): string[] {
  const aliases = ofType(resources, 'AWS::StepFunctions::StateMachineAlias').map(({ ref }) => ref);
  return aliases.flatMap((arn) => (arn.startsWith(`${machineArn}:`) ? [arn.slice(machineArn.length + 1)] : []));
}

function functionOf({ ref, attributes, properties }: ResolvedResource, prefix: string): FunctionShape {
  const variables = objectAt(objectAt(properties, 'Environment'), 'Variables');
  return {
    name: ref.slice(prefix.length),
    arn: String(attributes['Arn']),
    environment: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    timeoutMs: Number(properties['Timeout']) * 1000,
  };
}

function tableOf({ ref, properties }: ResolvedResource): TableShape {
  const indexes = listAt(properties, 'GlobalSecondaryIndexes').map((index): [string, Index] => {
    const keys = keysOf(index);
    return [String(index['IndexName']), { ...keys, shows: shownBy(objectAt(index, 'Projection')) }];
  });
  return { name: ref, hash: keysOf(properties).hash, indexes: new Map(indexes) };
}

function keysOf(parent: JsonObject): { readonly hash: string; readonly range: string | undefined } {
  const named = (type: string) =>
    listAt(parent, 'KeySchema').find(({ KeyType }) => KeyType === type)?.['AttributeName'];
  const range = named('RANGE');
  return { hash: String(named('HASH')), range: range === undefined ? undefined : String(range) };
}

function shownBy(projection: JsonObject): ReadonlySet<string> | undefined {
  if (projection['ProjectionType'] === 'ALL') return undefined;
  const names = projection['NonKeyAttributes'];
  return new Set(Array.isArray(names) ? names.map(String) : []);
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  return asObject(parent[key]);
}

function listAt(parent: JsonObject, key: string): JsonObject[] {
  const value = parent[key];
  return Array.isArray(value) ? value.map(asObject) : [];
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
