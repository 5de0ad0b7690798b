import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesisedEstate } from './synthesis.ts';

type Finding = { readonly rule: string; readonly path: string };
type Acknowledgement = { readonly rule: string; readonly path: string; readonly reason: string };

let findings: readonly Finding[] = [];
let acknowledgements: readonly Acknowledgement[] = [];

beforeAll(() => {
  synthesisedEstate((app) => {
    findings = findingsIn(app);
    acknowledgements = acknowledgementsIn(app);
  });
});

describe('the findings of cdk-nag', () => {
  it('are each acknowledged once', () => {
    const wrong = findings.filter((finding) => acknowledgements.filter((one) => covers(one, finding)).length !== 1);
    expect(wrong).toEqual([]);
  });

  it('are acknowledged singly: no acknowledgement covers two, or none', () => {
    const wrong = acknowledgements.filter((one) => findings.filter((finding) => covers(one, finding)).length !== 1);
    expect(wrong.map(({ rule, path }) => `${rule} ${path}`)).toEqual([]);
  });

  it('are acknowledged with a reason', () => {
    for (const { reason } of acknowledgements) expect(reason).toMatch(/^[A-Z].{60,}\.$/);
  });

  it('are counted in docs/acknowledgements.md (write it anew with `vitest -u`)', async () => {
    await expect(page(acknowledgements)).toMatchFileSnapshot('../../docs/acknowledgements.md');
  });
});

/** What the packs find where nothing is acknowledged. */
function findingsIn(app: App): Finding[] {
  return [new AwsSolutionsChecks(app), new NIST80053R5Checks(app), new ServerlessChecks(app)].flatMap((pack) => {
    Object.assign(pack, { isAcknowledged: () => false });
    const { violations } = pack.validateScope(app);
    return violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
  });
}

function acknowledgementsIn(node: IConstruct): Acknowledgement[] {
  const own = node.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
    .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.node.path, reason }));
  return [...own, ...node.node.children.flatMap(acknowledgementsIn)];
}

function covers(acknowledgement: Acknowledgement, { rule, path }: Finding): boolean {
  return acknowledgement.rule === rule && `${path}/`.startsWith(`${acknowledgement.path}/`);
}

/** One paragraph a reason: which rules of which resources it answers. */
function page(all: readonly Acknowledgement[]): string {
  const byReason = Map.groupBy(all, ({ reason }) => reason);
  const paragraphs = [...byReason].map(([reason, group]) => {
    const rules = [...new Set(group.map(({ rule }) => rule))].map((rule) => `\`${rule}\``).join(', ');
    const paths = [...new Set(group.map(({ path }) => path.slice(path.indexOf('/') + 1)))].toSorted();
    return `## ${rules}\n\n${group.length}: ${paths.join(', ')}.\n\n${reason}\n`;
  });
  return [INTRODUCTION(all.length), ...paragraphs.toSorted()].join('\n');
}

const INTRODUCTION = (count: number) => `# Acknowledged findings

\`npx cdk synth\` runs three rule packs of cdk-nag over every stack (AwsSolutions, NIST 800-53 R5, Serverless) and fails on any finding that
is not acknowledged where it arises. There are ${count} acknowledgements in all stacks together, each of one finding of one resource. This page is
written by a test (\`npx vitest run test/infra/acknowledgements.test.ts -u\`), which fails when it is not true any more.
`;
