import type { JsonObject } from '../../local/json.ts';
import { OPTIMISED_ERRORS, SDK_ERRORS } from '../../local/step-functions/tasks/error-names.ts';
import { readWireRequest } from '../simulation/aws/clients.ts';
import { toAttributes } from '../simulation/database/stored-value.ts';
import { GUARD } from './guards.ts';
import { type Answered, type CalledFunction, type Kernel, type Next, type TaskStop, TIMED_OUT } from './kernel.ts';
import { TRANSACTION_ID } from './request.ts';
import type { MachineProcess, State } from './state.ts';
import type { Step } from './steps.ts';

/** A task that touches nothing of others': it is done whole, or its function dies. */
export function localSteps(kernel: Kernel, state: State, process: MachineProcess, called: CalledFunction): Step[] {
  const stop = taskOf(process);
  const steps: Step[] = [
    {
      words: () => `${process.name}: ${stop.state}`,
      take: async () => {
        const { standing } = await kernel.invocations.begin(
          { shape: called.shape, event: called.event, attempt: '' },
          state.nowMs,
        );
        if (standing.kind !== 'returned')
          throw new Error(`${called.shape.name} does not return: ${JSON.stringify(standing)}`);
        return kernel.answerInvoke(state, process, stop, { payload: JSON.stringify(standing.result) });
      },
    },
  ];
  if (state.crashes > 0) {
    steps.push({
      words: () => `${process.name}: ${stop.state}, AND THE FUNCTION DIES`,
      take: () =>
        kernel.decide({ ...state, crashes: state.crashes - 1 }, process, kernel.outcome(failed('Lambda.Unknown'))),
    });
  }
  return steps;
}

export function machineSteps(kernel: Kernel, state: State, process: MachineProcess): Step[] {
  const stop = taskOf(process);
  const { deadlineMs } = process.point.value.record;
  const steps: Step[] = [];
  if (deadlineMs !== undefined && deadlineMs <= state.nowMs) {
    steps.push({
      words: () => `${process.name} has timed out as a whole`,
      take: async () => ({ state: endUnanswered(kernel, state, process) }),
    });
  }
  if (stop.dueMs !== undefined && stop.dueMs <= state.nowMs) {
    steps.push({
      words: () => `${process.name}: ${stop.state} has timed out`,
      take: () => kernel.decide(orphan(kernel, state, process), process, kernel.outcome(TIMED_OUT)),
    });
  }
  if (!kernel.functionOf(stop) && !stop.isSubmitted) steps.push(...callSteps(kernel, state, process, stop));
  if (state.crashes > 0 && process.machine === 'submission') {
    steps.push({
      words: () => `${process.name} IS LOST in ${stop.state}`,
      take: async () => ({ state: endUnanswered(kernel, { ...state, crashes: state.crashes - 1 }, process) }),
    });
  }
  return steps;
}

/** Something that has to happen before time goes on, since its time has come. */
export function isOverdue(process: MachineProcess, nowMs: number): boolean {
  const { record, stop } = process.point.value;
  const dueMs = Math.min(
    record.deadlineMs ?? Number.POSITIVE_INFINITY,
    stop.kind === 'task' ? (stop.dueMs ?? Number.POSITIVE_INFINITY) : 0,
  );
  return dueMs <= nowMs;
}

/** A call of a service by the machine itself: answered or failed before its own timeout, which is a matter of seconds. */
export function isCalling(kernel: Kernel, process: MachineProcess): boolean {
  const stop = taskOf(process);
  return !kernel.functionOf(stop) && !stop.isSubmitted;
}

function taskOf({ name, point }: MachineProcess): TaskStop {
  const { stop } = point.value;
  if (stop.kind !== 'task') throw new Error(`${name} has ended and is still there.`);
  return stop;
}

/** Its functions go on, and nobody waits for them. */
function endUnanswered(kernel: Kernel, state: State, process: MachineProcess): State {
  return kernel.remove(orphan(kernel, state, process), process.name);
}

function orphan(kernel: Kernel, state: State, { name }: MachineProcess): State {
  const owned = state.processes.flatMap(({ value }) =>
    value.kind === 'lambda' && value.owner === name ? [value] : [],
  );
  return kernel.put(state, ...owned.map((lambda) => ({ ...lambda, owner: undefined })));
}

type Called = { readonly state: State; readonly answered: Answered };

function callSteps(kernel: Kernel, state: State, process: MachineProcess, stop: TaskStop): Step[] {
  const words = (ending: string) => () => `${process.name}: ${stop.state}${ending}`;
  const step = (ending: string, take: () => Promise<Next>): Step => ({ words: words(ending), take });
  const steps = [
    step('', async () => {
      const { state: after, answered } = await call(kernel, state, stop);
      return kernel.answerTask(after, process, stop, answered);
    }),
  ];
  if (state.lostAnswers === 0) return steps;
  const spent = { ...state, lostAnswers: state.lostAnswers - 1 };
  const lost: readonly (readonly [string, typeof TIMED_OUT])[] = [
    ['the client gives up', failed(`${prefixOf(stop.resource)}.SdkClientException`)],
    // The guard's call times out with its wait.
    ...(stop.token === undefined ? [['the task times out', TIMED_OUT] as const] : []),
  ];
  for (const [how, lostOutcome] of lost) {
    const outcome = kernel.outcome(lostOutcome);
    steps.push(step(`, REFUSED: ${how}`, () => kernel.decide(spent, process, outcome)));
    if (!writes(stop.resource)) continue;
    steps.push(
      step(`, DONE AND ITS ANSWER LOST: ${how}`, async () =>
        kernel.decide((await call(kernel, spent, stop)).state, process, outcome),
      ),
    );
  }
  if (writes(stop.resource))
    steps.push(
      step(', DONE AND ITS ANSWER LOST: it is sent again', async () => ({
        state: (await call(kernel, spent, stop)).state,
      })),
    );
  return steps;
}

/** What the service does. */
async function call(kernel: Kernel, state: State, stop: TaskStop): Promise<Called> {
  const [service = '', action = ''] = serviceOf(stop.resource);
  const input = stop.arguments as JsonObject;
  if (service === 'dynamodb') {
    const itemCall = () => ({ action: upperFirst(action), request: readWireRequest(input) });
    const { store, answer, reply } = kernel.effectOf(state.store, stop, itemCall);
    if (!answer)
      return { state, answered: { kind: 'refused', code: reply.value.kind === 'error' ? reply.value.name : '' } };
    const output = answer.Item ? { Item: toAttributes(answer.Item) } : {};
    return { state: { ...state, store }, answered: { kind: 'output', output } };
  }
  if (service === 'states') return startGuard(kernel, state, input);
  if (service === 'sns') return { state, answered: { kind: 'output', output: { MessageId: 'message' } } };
  throw new Error(`${stop.resource} is a call that is not explored.`);
}

/** An execution that runs under the same name is left alone; a closed one keeps its name for 90 days. */
async function startGuard(kernel: Kernel, state: State, { Name, Input }: JsonObject): Promise<Called> {
  if (Name !== TRANSACTION_ID) throw new Error(`A guard of another name is not explored: ${JSON.stringify(Name)}.`);
  const known = kernel.find(state, GUARD);
  if (known?.kind === 'closed') return { state, answered: { kind: 'refused', code: 'ExecutionAlreadyExists' } };
  const answered: Answered = { kind: 'output', output: { executionArn: 'guard', startDate: 0 } };
  if (known) return { state, answered };
  const { state: started } = await kernel.launch(state, {
    name: GUARD,
    machine: 'settlement',
    execution: TRANSACTION_ID,
    input: Input ?? {},
  });
  return { state: started, answered };
}

function serviceOf(resource: string): string[] {
  return resource.replace('arn:aws:states:::', '').replace('aws-sdk:', '').replace('.waitForTaskToken', '').split(':');
}

function prefixOf(resource: string): string {
  const [service = ''] = serviceOf(resource);
  const naming = (resource.includes('aws-sdk:') ? SDK_ERRORS : OPTIMISED_ERRORS)[service];
  if (!naming) throw new Error(`${resource} has no errors of its own.`);
  return naming.prefix;
}

function writes(resource: string): boolean {
  const [service, action] = serviceOf(resource);
  return service !== 'sns' && action !== 'getItem';
}

function failed(error: string) {
  return { kind: 'failed', error, cause: undefined, alsoMatches: [] } as const;
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
