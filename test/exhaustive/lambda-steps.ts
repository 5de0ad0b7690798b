import { isFinal, type PayoutStatus } from '../../domain/payout.ts';
import type { Call, Reply } from './calls.ts';
import { isGuarded } from './guards.ts';
import type { Kernel, Next } from './kernel.ts';
import { type LambdaProcess, recordIn, type State } from './state.ts';
import type { Step } from './steps.ts';
import { arrivals, lookedUp } from './truth.ts';

/** What the SDK throws once it has given up on a call. */
const GAVE_UP: Reply = { kind: 'error', name: 'TimeoutError' };
const UNREACHABLE: Reply = { kind: 'http', outcome: { kind: 'failure', phase: 'connecting', code: 'ECONNREFUSED' } };
const UNANSWERED: Reply = { kind: 'http', outcome: { kind: 'failure', phase: 'sent', code: 'TIMEOUT' } };

export function lambdaSteps(kernel: Kernel, state: State, process: LambdaProcess): Step[] {
  const { standing } = process.invocation;
  if (standing.kind !== 'asks') throw new Error(`${process.name} has ended and is still there.`);
  const steps = callSteps(kernel, state, process, standing.call);
  if (state.crashes > 0) steps.push(crash(kernel, state, process));
  if (state.lostAnswers > 0) steps.push(...invocationFaults(kernel, state, process));
  return steps;
}

function callSteps(kernel: Kernel, state: State, process: LambdaProcess, call: Call): Step[] {
  switch (call.to) {
    case 'dynamodb':
      return storeSteps(kernel, state, process, call);
    case 'states':
      return ringSteps(kernel, state, process, call);
    case 'monoova':
      return call.method === 'POST' ? postSteps(kernel, state, process) : lookUpSteps(kernel, state, process);
  }
}

/** The function dies; whatever it asked last is not done. It may have died just after its last answer. */
function crash(kernel: Kernel, state: State, process: LambdaProcess): Step {
  return {
    words: () => `${process.name} DIES before its ${wordsOf(process)}`,
    take: () =>
      leave(kernel, kernel.remove({ ...state, crashes: state.crashes - 1 }, process.name), process, 'Lambda.Unknown'),
  };
}

/** Who waits for it hears of an error. */
async function leave(kernel: Kernel, state: State, { owner }: LambdaProcess, error: string): Promise<Next> {
  const machine = owner === undefined ? undefined : kernel.find(state, owner);
  if (machine?.kind !== 'machine') return { state };
  return kernel.decide(state, machine, kernel.outcome({ kind: 'failed', error, cause: undefined, alsoMatches: [] }));
}

/**
 * At its start alone: Step Functions hears that the function was not run, or hears nothing while it runs; or the invocation itself was
 * sent twice, which Lambda does not notice.
 */
function invocationFaults(kernel: Kernel, state: State, process: LambdaProcess): Step[] {
  if (process.owner === undefined || process.invocation.told.length > 1) return [];
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  return [
    {
      words: () => `${process.name} IS NOT RUN: Lambda is busy`,
      take: () => leave(kernel, kernel.remove(spent, process.name), process, 'Lambda.TooManyRequestsException'),
    },
    {
      words: () => `${process.name} RUNS ON, AND ITS ANSWER WILL BE LOST`,
      take: () =>
        leave(kernel, kernel.put(spent, { ...process, owner: undefined }), process, 'Lambda.SdkClientException'),
    },
  ];
}

type StoreCall = Extract<Call, { to: 'dynamodb' }>;

function storeSteps(kernel: Kernel, state: State, process: LambdaProcess, call: StoreCall): Step[] {
  const words = (ending: string) => () => `${process.name}: ${wordsOf(process)}${ending}`;
  const { store, reply } = kernel.effectOf(state.store, call, () => call);
  const gaveUp = kernel.replyOf(GAVE_UP);
  const steps: Step[] = [
    {
      words: words(''),
      take: () => kernel.reply({ ...state, store }, process, reply),
    },
  ];
  if (state.lostAnswers === 0) return steps;
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  steps.push({ words: words(', REFUSED: the client gives up'), take: () => kernel.reply(spent, process, gaveUp) });
  if (call.action === 'GetItem') return steps;
  steps.push(
    {
      words: words(', DONE AND ITS ANSWER LOST: the client gives up'),
      take: () => kernel.reply({ ...spent, store }, process, gaveUp),
    },
    {
      words: words(', DONE AND ITS ANSWER LOST: it is sent again'),
      take: async () => ({ state: { ...spent, store } }),
    },
  );
  return steps;
}

function ringSteps(
  kernel: Kernel,
  state: State,
  process: LambdaProcess,
  { taskToken }: Extract<Call, { to: 'states' }>,
): Step[] {
  const status = recordIn(state.store)?.status ?? 'Pending';
  const broken = isFinal(status as PayoutStatus) ? undefined : `the doorbell rings while the payout is ${status}`;
  const words = (ending: string) => () => `${process.name}: rings the doorbell${ending}`;
  const ring = async (from: State): Promise<{ state: State; reply: Reply }> => {
    const guard = from.processes.find(
      ({ value }) => value.kind === 'machine' && waitsFor(value.point.value.stop, taskToken),
    );
    if (guard?.value.kind !== 'machine') return { state: from, reply: { kind: 'error', name: 'TaskTimedOut' } };
    const { state: after } = await kernel.decide(from, guard.value, kernel.outcome({ kind: 'result', value: {} }));
    return { state: after, reply: { kind: 'rung' } };
  };
  const steps: Step[] = [
    {
      words: words(''),
      take: async () => {
        const { state: after, reply } = await ring(state);
        const next = await kernel.reply(after, process, kernel.replyOf(reply));
        return { ...next, broken: next.broken ?? broken };
      },
    },
  ];
  if (state.lostAnswers === 0) return steps;
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  steps.push(
    { words: words(', REFUSED'), take: () => kernel.reply(spent, process, kernel.replyOf(GAVE_UP)) },
    {
      words: words(', DONE AND ITS ANSWER LOST'),
      take: async () => kernel.reply((await ring(spent)).state, process, kernel.replyOf(GAVE_UP)),
    },
  );
  return steps;
}

function waitsFor(stop: { readonly kind: string; readonly token?: string | undefined }, taskToken: string): boolean {
  return stop.kind === 'task' && stop.token === taskToken;
}

function postSteps(kernel: Kernel, state: State, process: LambdaProcess): Step[] {
  const { profile, answers, deliveries } = kernel.scope;
  const before = state.truth.value;
  const broken = faultOfPost(state, process);
  const words = (ending: string) => () => `${process.name}: POST, ${ending}`;
  const after = (from: State, truth = before): State => ({ ...from, truth: kernel.truth({ ...truth, wasSent: true }) });
  const reply = async (from: State, said: Reply): Promise<Next> => {
    const next = await kernel.reply(from, process, kernel.replyOf(said));
    return { ...next, broken: broken ?? next.broken };
  };
  const arrived = arrivals(before, profile, answers, deliveries);
  const steps: Step[] = arrived.map(({ truth, outcome, words: ending }) => ({
    words: words(ending),
    take: () => reply(after(state, truth), { kind: 'http', outcome }),
  }));
  if (state.lostAnswers === 0) return steps;
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  steps.push(
    ...arrived.map(({ truth, words: ending }) => ({
      words: words(`${ending}, AND THE ANSWER IS LOST`),
      take: () => reply(after(spent, truth), UNANSWERED),
    })),
    { words: words('NO CONNECTION'), take: () => reply(after(spent), UNREACHABLE) },
    { words: words('NO ANSWER, AND IT NEVER ARRIVES'), take: () => reply(after(spent), UNANSWERED) },
    {
      words: words('NO ANSWER, AND IT IS STILL UNDER WAY'),
      take: () => reply(after(spent, { ...before, underway: before.underway + 1 }), UNANSWERED),
    },
  );
  return steps;
}

/** What the design promises of every POST, beside how often it may pay. */
function faultOfPost(state: State, process: LambdaProcess): string | undefined {
  const record = recordIn(state.store);
  if (!record) return 'a payment is sent before it is recorded';
  if (record.posts < 1) return 'a payment is sent that is not counted';
  if (!isGuarded(state)) return 'a payment is sent that has no guard';
  const hasLookedUp = process.invocation.hasAsked((reply) => reply.kind === 'http');
  if (state.truth.value.wasSent && !hasLookedUp) return 'a payment is sent again without a look-up';
  return undefined;
}

function lookUpSteps(kernel: Kernel, state: State, process: LambdaProcess): Step[] {
  const steps: Step[] = [
    {
      words: () => `${process.name}: looks the reference up`,
      take: () => kernel.reply(state, process, kernel.replyOf({ kind: 'http', outcome: lookedUp(state.truth.value) })),
    },
  ];
  if (state.lostAnswers === 0) return steps;
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  steps.push({
    words: () => `${process.name}: looks the reference up, NO ANSWER`,
    take: () => kernel.reply(spent, process, kernel.replyOf(UNANSWERED)),
  });
  return steps;
}

function wordsOf({ invocation }: LambdaProcess): string {
  if (invocation.standing.kind !== 'asks') return 'end';
  const { call } = invocation.standing;
  if (call.to === 'states') return 'ring';
  if (call.to === 'monoova') return call.method === 'POST' ? 'POST' : 'look-up';
  const { action, request } = call;
  const table = request.TableName.endsWith('-transactions')
    ? ''
    : ` of ${request.TableName.slice(request.TableName.lastIndexOf('-') + 1)}`;
  if (action === 'GetItem') return `read${table}`;
  return request.ConditionExpression?.includes('posting_until') ? 'FENCE' : `write${table}`;
}
