import { readFileSync } from 'node:fs';
import { type Rule, type Stack, withValue } from './rule.ts';

const HEADINGS = (
  readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8').match(/^## .*$/gm) ?? []
).map((line) => line.slice('## '.length));
/** As alarms, messages and machines name a page, whatever quotes are escaped how often on the way. */
const PAGE = /docs\/runbook\.md, \\*"(.+?)\\*"/g;

export const RUNBOOK_RULES: readonly Rule[] = [
  {
    name: 'every page of the runbook that somebody is sent to is there',
    breaches: (stack) =>
      pagesIn(stack)
        .filter(({ page }) => !HEADINGS.some((heading) => heading.startsWith(page)))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      pagesIn(stack).map(({ logicalId, page }) => {
        const resource = JSON.stringify(stack.template.Resources[logicalId]).replaceAll(
          page,
          'A page that nobody wrote',
        );
        return { breach: logicalId, stack: withValue(stack, [logicalId], JSON.parse(resource)) };
      }),
  },
];

function pagesIn({ template }: Stack) {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    [...JSON.stringify(resource).matchAll(PAGE)].map(([, page = '']) => ({ logicalId, page })),
  );
}
