import { guardName } from '../../domain/guard.ts';
import { proxyEventOf } from '../simulation/api.ts';
import { WEBHOOK_TOKEN } from './clients.ts';
import { SECOND_GUARD } from './guards.ts';
import { START_MS } from './instants.ts';
import type { Kernel } from './kernel.ts';
import { isCalling, isOverdue } from './machine-steps.ts';
import { SUBMISSION_INPUT, TRANSACTION_ID } from './request.ts';
import { type Process, recordIn, type State } from './state.ts';
import type { Step } from './steps.ts';
import { arrivals, type Truth, webhookOf } from './truth.ts';

/** What nobody of ours decides: when a request comes, what Monoova does, and that time passes. */
export function worldSteps(kernel: Kernel, state: State): Step[] {
  return [
    ...requestSteps(kernel, state),
    ...guardSteps(kernel, state),
    ...monoovaSteps(kernel, state),
    ...timeSteps(kernel, state),
  ];
}

function requestSteps(kernel: Kernel, state: State): Step[] {
  if (!isFirstRound(kernel, state)) return [];
  return state.processes.flatMap(({ value }) => {
    if (value.kind !== 'request') return [];
    const launch = { name: value.name, machine: 'submission', execution: value.name, input: SUBMISSION_INPUT } as const;
    const take = () => kernel.launch(kernel.remove(state, value.name), launch);
    return [{ words: () => `${value.name} arrives`, take }];
  });
}

/** Whatever comes later has fewer moments left than it needs. */
function isFirstRound({ stage }: Kernel, { nowMs }: State): boolean {
  return nowMs <= START_MS + stage.timers.expressMs;
}

function guardSteps(kernel: Kernel, state: State): Step[] {
  const isOpen = recordIn(state.store)?.status === 'Pending';
  if (kernel.scope.guards === 1 || !isOpen || !isFirstRound(kernel, state) || kernel.find(state, SECOND_GUARD))
    return [];
  const launch = {
    name: SECOND_GUARD,
    machine: 'settlement',
    execution: guardName(TRANSACTION_ID, 2),
    input: { transaction_id: TRANSACTION_ID },
  } as const;
  return [{ words: () => 'a second guard is started', take: () => kernel.launch(state, launch) }];
}

function monoovaSteps(kernel: Kernel, state: State): Step[] {
  const { profile, answers, deliveries, endings } = kernel.scope;
  const truth = state.truth.value;
  const becomes = (next: Truth): State => ({ ...state, truth: kernel.truth(next) });
  const steps: Step[] = [];
  if (truth.underway > 0) {
    const landed = arrivals({ ...truth, underway: truth.underway - 1 }, profile, answers, deliveries);
    steps.push(
      ...landed.map((arrived) => ({
        words: () => `the POST that was under way arrives: ${arrived.words}`,
        take: async () => ({ state: becomes(arrived.truth) }),
      })),
    );
  }
  truth.payments.forEach((payment, index) => {
    if (payment !== 'held') return;
    for (const ending of endings) {
      steps.push({
        words: () => `payment ${index + 1} is ${ending}`,
        take: async () => ({ state: becomes({ ...truth, payments: truth.payments.with(index, ending) }) }),
      });
    }
  });
  truth.deliveries.forEach((left, index) => {
    const webhook = webhookOf(truth, index);
    if (left === 0 || webhook === undefined) return;
    const name = `receive-webhook ${deliveries - left + 1} of payment ${index + 1}`;
    const event = proxyEventOf({
      claims: undefined,
      body: webhook,
      headers: { Authorization: `Bearer ${WEBHOOK_TOKEN}` },
      name,
    });
    const told = becomes({ ...truth, deliveries: truth.deliveries.with(index, left - 1) });
    steps.push({
      words: () => `the webhook of payment ${index + 1} is delivered`,
      take: () => kernel.invoke(told, { name, owner: undefined }, { shape: kernel.shapeOf('receive-webhook'), event }),
    });
  });
  return steps;
}

/**
 * Time goes on to its next moment, once everything has happened whose time had come. While a function is at work that is a delay, of
 * which there are few; none outlives its timeout for long.
 */
function timeSteps(kernel: Kernel, state: State): Step[] {
  const nextMs = kernel.instants.find((instantMs) => instantMs > state.nowMs);
  if (nextMs === undefined || state.processes.some(({ value }) => holdsTime(kernel, value, state.nowMs, nextMs)))
    return [];
  const isDelay = state.processes.some(({ value }) => value.kind === 'lambda');
  if (isDelay && state.delays === 0) return [];
  const delays = isDelay ? state.delays - 1 : state.delays;
  return [
    {
      words: () => `${(nextMs - START_MS) / 1000} s have passed${isDelay ? ', WITH A FUNCTION AT WORK' : ''}`,
      take: async () => ({ state: { ...state, nowMs: nextMs, delays } }),
    },
  ];
}

function holdsTime(kernel: Kernel, process: Process, nowMs: number, nextMs: number): boolean {
  if (process.kind === 'lambda') return process.startedMs + kernel.stage.timers.submitPaymentMs < nextMs;
  return process.kind === 'machine' && (isOverdue(process, nowMs) || isCalling(kernel, process));
}
