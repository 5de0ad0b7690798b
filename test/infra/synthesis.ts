import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PayoutsStack } from '../../infra/payouts-stack.ts';
import type { Stage } from '../../infra/stages.ts';

/** A resource as the template has it. */
export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
};

export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

/**
 * Synthesises one stage with the context of cdk.json and stand-ins for the bundles, and gives its template. cdk-nag runs along and
 * throws on findings; CDK's own check of the template is left to `cdk synth`, since it takes seconds.
 */
export function synthesised(stage: Stage, useDirectory: (directory: string) => void = () => undefined): Template {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'payouts-synth-'));
  try {
    const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
    const app = new App({ outdir, context });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const id = `Payouts-${stage.name}`;
    new PayoutsStack(app, id, { env: { region: stage.region }, stage, codeOf: () => Code.fromInline('export {};') });
    app.synth();
    useDirectory(outdir);
    return JSON.parse(readFileSync(join(outdir, `${id}.template.json`), 'utf8'));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
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
