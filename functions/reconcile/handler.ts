import * as z from 'zod';
import { EMPTY_TALLY, type Run, runSchema, type Tally, tallySchema } from '../../domain/reconciliation.ts';
import type { GateDeps } from '../shared/gate.ts';
import type { MonoovaBooks, MonoovaLine } from '../shared/ports.ts';
import { compareStatuses } from './compare-statuses.ts';
import { findUnknown } from './find-unknown.ts';
import { gatedBooks } from './gated-books.ts';
import { planRun } from './plan.ts';
import { closeRun, type Reported } from './report.ts';
import { resendWebhooks } from './resend-webhooks.ts';
import type { ReconcileDeps, StepResult } from './step.ts';
import { watchOpen } from './watch-open.ts';

const position = z.object({ transaction_id: z.string(), created_at: z.string() }).nullable();
const count = z.int().min(0);
const day = z.iso.date();
const share = { run: runSchema, tally: tallySchema, execution_arn: z.string() };

/** What the machine asks for. A cursor is null where a phase begins. */
const eventSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('plan'), asked: z.unknown(), execution_name: z.string(), execution_arn: z.string() }),
  z.object({
    step: z.literal('compare-statuses'),
    ...share,
    cursor: z.object({ day, after: z.string(), payments: count }).nullable(),
  }),
  z.object({
    step: z.literal('find-unknown'),
    ...share,
    cursor: z.object({ day, after: position, payouts: count }).nullable(),
  }),
  z.object({
    step: z.literal('watch-open'),
    ...share,
    cursor: z.object({ after: position, payouts: count }).nullable(),
  }),
  z.object({
    step: z.literal('resend-webhooks'),
    ...share,
    cursor: z.object({ day, skip: count, after: z.int().nullable(), resent: count }).nullable(),
  }),
  z.object({ step: z.literal('report'), run: runSchema, tally: tallySchema }),
]);

export type Planned = { readonly run: Run; readonly tally: Tally };
export type Reconciled = Planned | StepResult<unknown> | Reported;

/** As long as this function may run: until then a question that has to find out about a key keeps others out. */
const INVOCATION_MS = 29_000;

type Deps = Omit<ReconcileDeps, 'monoova'> & GateDeps<MonoovaLine & MonoovaBooks> & { readonly stage: string };

/**
 * Reconciliation in small steps, each a call: the machine carries what was found, and the place where the next call goes on. Every
 * step may be repeated.
 * @throws {ReconciliationRefusedError} by the plan, for what cannot be done as asked. Nothing was changed.
 */
export function createHandler(ungated: Deps): (event: unknown, attempt: string) => Promise<Reconciled> {
  return async function reconcile(event, attempt) {
    const asked = eventSchema.parse(event);
    const deps = { ...ungated, monoova: gatedBooks(ungated, { attempt, untilMs: ungated.nowMs() + INVOCATION_MS }) };
    switch (asked.step) {
      case 'plan':
        return { run: await planRun(deps, asked.asked, asked.execution_name), tally: EMPTY_TALLY };
      case 'compare-statuses':
        return compareStatuses(deps, { ...asked, executionArn: asked.execution_arn });
      case 'find-unknown':
        return findUnknown(deps, { ...asked, executionArn: asked.execution_arn });
      case 'watch-open':
        return watchOpen(deps, { ...asked, executionArn: asked.execution_arn });
      case 'resend-webhooks':
        return resendWebhooks(deps, { ...asked, executionArn: asked.execution_arn });
      case 'report':
        return closeRun(deps, asked.run, asked.tally, deps.stage);
    }
  };
}
