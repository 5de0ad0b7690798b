import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/smoke-test/handler.ts';
import { type Answered, NotAllowedYetError } from '../../../functions/smoke-test/ports.ts';
import { PROBES } from '../../../functions/smoke-test/probes.ts';
import { FUNCTION_NAMES } from '../../../infra/function-names.ts';

const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
const WORKS: Answered = { payload: { batchItemFailures: [] }, isError: false };

function deployment(newVersions: Record<string, string>, answers: (Answered | Error)[]) {
  const said: unknown[] = [];
  const waits: number[] = [];
  const lines: unknown[] = [];
  const write = (_message: string, keys?: object) => lines.push(keys);
  const handler = createHandler({
    newVersions,
    probes: PROBES,
    versions: {
      async invoke() {
        const answer = answers.shift();
        if (!answer || answer instanceof Error) throw answer;
        return answer;
      },
    },
    hook: { report: async (hook, status) => void said.push([hook, status]) },
    log: { info: write, warn: write, error: write },
    wait: async (ms) => void waits.push(ms),
  });
  return { run: () => handler(EVENT), said, waits, lines };
}

describe('the hook before a deployment turns an alias', () => {
  it('has a question for every function', () => {
    expect(Object.keys(PROBES).toSorted()).toEqual(FUNCTION_NAMES.toSorted());
  });

  it('lets it go on where all answer as they must', async () => {
    const { run, said } = deployment({ RetryWebhook: 'arn:1' }, [WORKS]);
    expect(await run()).toBe('Succeeded');
    expect(said).toEqual([[{ deploymentId: 'd-1', executionId: 'hook-1' }, 'Succeeded']]);
  });

  it.each<[string, Answered | Error, string]>([
    [
      'an error',
      { payload: { errorType: 'ConfigurationError', errorMessage: 'x' }, isError: true },
      'ConfigurationError',
    ],
    ['another status', { payload: { statusCode: 500 }, isError: false }, '500'],
    ['nothing', { payload: null, isError: false }, 'another answer'],
    ['a call that fails', new Error('refused'), 'Error'],
  ])('stops it for %s, and says of which function', async (_what, answer, got) => {
    const { run, said, lines } = deployment({ RetryWebhook: 'arn:1' }, [answer]);
    expect(await run()).toBe('Failed');
    expect(said).toMatchObject([[{}, 'Failed']]);
    expect(lines).toEqual([{ of_function: 'RetryWebhook', expected: 'of no letters none fails', got }]);
  });

  it('stops it for a function that it has no question for', async () => {
    const { run } = deployment({ SomethingNew: 'arn:1' }, [WORKS]);
    expect(await run()).toBe('Failed');
  });

  it('waits for a permission that is not known yet, and not for ever', async () => {
    const notYet = () => new NotAllowedYetError('not yet');
    const late = deployment({ RetryWebhook: 'arn:1' }, [notYet(), notYet(), WORKS]);
    expect(await late.run()).toBe('Succeeded');
    expect(late.waits).toEqual([4_000, 4_000]);
    const never = deployment({ RetryWebhook: 'arn:1' }, [1, 2, 3, 4, 5].map(notYet));
    expect(await never.run()).toBe('Failed');
    expect(never.waits.length).toBe(4);
  });
});
