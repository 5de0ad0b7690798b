import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BASELINE, type BaselineSettings } from '../../infra/baseline/settings.ts';
import { BaselineStack } from '../../infra/baseline-stack.ts';
import { addChecks } from '../../infra/checks.ts';
import { PayoutsStack } from '../../infra/payouts-stack.ts';
import { REGION, STAGES, type Stage } from '../../infra/stages.ts';

/** A resource as the template has it. */
export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
};

export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

/** As text, so that nobody gets an object that somebody else has changed. */
const texts = new WeakMap<Stage, string>();

/**
 * Synthesises one stage with the context of cdk.json and stand-ins for the bundles, and gives its template. cdk-nag runs along and
 * throws on findings; CDK's own check of the template is left to `cdk synth`, since it takes seconds. Files that share a process
 * share the work too, unless one wants to see the directory.
 */
export function synthesised(stage: Stage, useDirectory?: (directory: string) => void): Template {
  const known = texts.get(stage);
  if (known !== undefined && !useDirectory) return JSON.parse(known);
  const template = synthesisedApp(
    (app) => addStage(app, stage),
    (directory) => {
      useDirectory?.(directory);
      return templateIn(directory, `Payouts-${stage.name}`);
    },
  );
  texts.set(stage, JSON.stringify(template));
  return template;
}

/** The template of every stack of the app, by its id. `useApp` gets the finished tree of constructs. */
export function synthesisedEstate(useApp: (app: App) => void = () => undefined): Record<string, Template> {
  return synthesisedApp(
    (app) => {
      new BaselineStack(app, 'Payouts-Baseline', { env: { region: REGION }, settings: BASELINE });
      for (const stage of Object.values(STAGES)) addStage(app, stage);
    },
    (directory, app) => {
      useApp(app);
      const ids = ['Payouts-Baseline', ...Object.values(STAGES).map(({ name }) => `Payouts-${name}`)];
      return Object.fromEntries(ids.map((id) => [id, templateIn(directory, id)]));
    },
  );
}

export function synthesisedBaseline(settings: BaselineSettings): Template {
  return synthesisedApp(
    (app) => new BaselineStack(app, 'Payouts-Baseline', { env: { region: REGION }, settings }),
    (directory) => templateIn(directory, 'Payouts-Baseline'),
  );
}

function addStage(app: App, stage: Stage): void {
  const codeOf = () => Code.fromInline('export {};');
  new PayoutsStack(app, `Payouts-${stage.name}`, { env: { region: stage.region }, stage, codeOf });
}

function synthesisedApp<T>(addStacks: (app: App) => unknown, use: (directory: string, app: App) => T): T {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'payouts-synth-'));
  try {
    const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
    const app = new App({ outdir, context });
    addChecks(app);
    addStacks(app);
    app.synth();
    return use(outdir, app);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function templateIn(directory: string, stackId: string): Template {
  return JSON.parse(readFileSync(join(directory, `${stackId}.template.json`), 'utf8'));
}

export function resourcesOf(template: Template, type: string): (Resource & { readonly logicalId: string })[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, ...resource }));
}

/** The only resource of a type whose logical id starts so. */
export function resourceAt(
  template: Template,
  type: string,
  prefix: string,
): Resource & { readonly logicalId: string } {
  const [found, other] = resourcesOf(template, type).filter(({ logicalId }) => logicalId.startsWith(prefix));
  if (!found || other) throw new Error(`The template has not exactly one ${type} named ${prefix}...`);
  return found;
}

/** What stands at a path in a template, undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((parent: unknown, key) => (parent as Record<string, unknown> | undefined)?.[key], value);
}

export type Statement = {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};

/** What a role may do: the statements of its policies, actions as a list. */
export function statementsOf(template: Template, rolePrefix: string): (Statement & { actions: readonly string[] })[] {
  const role = resourceAt(template, 'AWS::IAM::Role', rolePrefix);
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes(`"${role.logicalId}"`))
    .flatMap(({ Properties }) => at(Properties, 'PolicyDocument', 'Statement') as Statement[])
    .map((statement) => ({ ...statement, actions: [statement.Action].flat() }));
}

/** Every action of a role on resources that mention `resource`, sorted. */
export function actionsOn(template: Template, rolePrefix: string, resource: string): string[] {
  return statementsOf(template, rolePrefix)
    .filter((statement) => JSON.stringify(statement.Resource).includes(resource))
    .flatMap(({ actions }) => actions)
    .toSorted();
}
