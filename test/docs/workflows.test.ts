import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BASELINE_NAMES } from '../../infra/baseline/names.ts';
import { REGION, STAGES } from '../../infra/stages.ts';

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> };
type Job = {
  readonly uses?: string;
  readonly needs?: string;
  readonly with?: { readonly stage?: string };
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly 'cancel-in-progress': boolean };
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
};
type Workflow = {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
};

const FOLDER = resolve(import.meta.dirname, '../../.github/workflows');
const TEXTS = Object.fromEntries(readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
const WORKFLOWS = Object.entries(TEXTS).map(([file, text]) => ({ file, text, workflow: parse(text) as Workflow }));
const JOBS = WORKFLOWS.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const workflowOf = (file: string): Workflow => parse(TEXTS[file] ?? '') as Workflow;

/** An action by the commit that its tag pointed to when it was looked at; a tag can be moved to other code. */
const PINNED = /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

describe('the workflows', () => {
  it.each(WORKFLOWS)('$file is a workflow by the schema of GitHub', ({ text }) => {
    expect(validateWorkflow(text)).toMatchObject({ errors: [] });
  });

  it.each(WORKFLOWS)('$file pins every action by its commit', ({ text }) => {
    const used = text.split('\n').filter((line) => /^\s*(- )?uses: (?!\.\/)/.test(line));
    for (const line of used) expect(line).toMatch(PINNED);
  });

  it.each(WORKFLOWS)('$file knows no key, and puts nothing that a stranger can write into a command', ({ text }) => {
    expect(text).not.toMatch(/secrets\.|aws-access-key-id|aws-secret-access-key|pull_request_target|workflow_run/);
    const commands = JOBS.flatMap(({ job }) => job.steps ?? []).flatMap(({ run }) => run ?? []);
    for (const run of commands) expect(run).not.toContain('${{');
  });

  it.each(WORKFLOWS)('$file gives no permission to all of its jobs', ({ workflow }) => {
    expect(workflow.permissions).toEqual({});
  });

  it.each(JOBS.filter(({ job }) => job.uses === undefined))(
    '$name ends by itself, reads the code alone, and gets a token of its environment only where it has one',
    ({ job }) => {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
      const { contents, 'id-token': token, ...others } = job.permissions ?? {};
      expect(others).toEqual({});
      expect(contents).toBe('read');
      expect(token).toBe(job.environment === undefined ? undefined : 'write');
      const checkout = job.steps?.find(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkout?.with?.['persist-credentials']).toBe(false);
    },
  );
});

describe('a deployment', () => {
  const { diff, deploy } = workflowOf('stage.yml').jobs;
  const rolesOf = (job: Job | undefined, stage: string) =>
    (job?.steps ?? []).flatMap(({ with: given }) => {
      const role = given?.['role-to-assume'];
      return typeof role === 'string' ? [role.replace('${{ inputs.stage }}', stage)] : [];
    });

  it('begins on main alone, after the whole gate, and with each stage after the one before', () => {
    const { on, jobs } = workflowOf('deploy.yml');
    expect(on).toEqual({ push: { branches: ['main'] }, workflow_dispatch: null });
    expect(jobs['check']?.uses).toBe('./.github/workflows/check.yml');
    expect([jobs['dev']?.needs, jobs['prod']?.needs]).toEqual(['check', 'dev']);
    for (const stage of Object.keys(STAGES)) expect(jobs[stage]).toMatchObject({ with: { stage } });
  });

  it('shows what would change, and what it would allow, before the environment can be approved', () => {
    expect(deploy?.needs).toBe('diff');
    expect(deploy?.environment).toBe('${{ inputs.stage }}');
    expect(diff?.environment).toBe('${{ inputs.stage }}-diff');
    const shown = diff?.steps?.map(({ run }) => run ?? '').join('\n');
    expect(shown).toContain('--security-only');
    expect(shown).toContain('GITHUB_STEP_SUMMARY');
    expect(shown).not.toContain('cdk deploy');
  });

  it.each(Object.keys(STAGES))('of %s has the roles that the baseline makes for its two environments', (stage) => {
    const account = 'arn:aws:iam::${{ vars.AWS_ACCOUNT_ID }}:role/';
    expect(rolesOf(diff, stage)).toEqual([account + BASELINE_NAMES.diffRole(stage)]);
    expect(rolesOf(deploy, stage)).toEqual([account + BASELINE_NAMES.deployRole(stage)]);
    expect(workflowOf('stage.yml').env).toMatchObject({ AWS_REGION: REGION });
  });

  it('changes one stack, never the baseline that holds its own roles, and is not broken off', () => {
    const commands = deploy?.steps?.flatMap(({ run }) => run ?? []).filter((run) => run.includes('cdk'));
    expect(commands).toEqual(['npx cdk deploy "Payouts-$STAGE" --exclusively --require-approval never']);
    expect(deploy?.concurrency?.['cancel-in-progress']).toBe(false);
  });
});
