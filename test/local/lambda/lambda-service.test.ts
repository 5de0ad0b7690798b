import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import type { LambdaFunction } from '../../../local/lambda/lambda-function.ts';
import { LambdaService } from '../../../local/lambda/lambda-service.ts';

type LogLine = { group: string; stream: string; message: string; timestampMs: number };

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A service with one function, `subject`, whose module is `code`. */
function run(code: string, overrides: Partial<LambdaFunction> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'lambda-'));
  mkdirSync(join(root, 'asset'));
  writeFileSync(join(root, 'asset', 'index.mjs'), code);
  const clock = new ShiftableClock();
  const logs: LogLine[] = [];
  let ids = 0;
  const service = new LambdaService({
    clock,
    credentials: new CredentialStore(),
    region: 'ap-southeast-2',
    awsUrl: 'http://127.0.0.1:3001',
    answerAws: async (request) => ({ statusCode: 200, headers: {}, body: JSON.stringify(request) }),
    newId: () => `request-${++ids}`,
    putLog: (group, stream, message, timestampMs) => logs.push({ group, stream, message, timestampMs }),
  });
  service.add({
    name: 'subject',
    arn: 'arn:aws:lambda:ap-southeast-2:000000000000:function:subject',
    roleArn: 'arn:aws:iam::000000000000:role/subject-role',
    codeDirectory: join(root, 'asset'),
    handler: 'index.handler',
    timeoutMs: 3_000,
    memorySizeMb: 256,
    environment: { GREETING: 'hello' },
    logGroupName: '/aws/lambda/subject',
    logFormat: 'Text',
    reservedConcurrency: undefined,
    ...overrides,
  });
  service.publishVersion('subject', '1');
  service.setAlias('subject', 'live', '1');
  stops.push(async () => {
    await service.stop();
    clock.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const invoke = async (event: unknown = {}, options = {}, target = 'subject') => {
    const { payload, functionError } = await service.invoke(target, JSON.stringify(event), options);
    return { payload: JSON.parse(payload), functionError };
  };
  return { service, clock, logs, invoke };
}

const handler = (body: string) => `export const handler = async (event, context) => { ${body} };`;

describe('LambdaService', () => {
  it('answers with what the handler returns, and null for nothing', async () => {
    const echo = run(handler('return { got: event };'));
    const silent = run(handler(''));

    expect(await echo.invoke({ amount: 10.5 })).toEqual({
      payload: { got: { amount: 10.5 } },
      functionError: undefined,
    });
    expect((await silent.invoke()).payload).toBeNull();
  });

  it("gives the function its own variables, its role's key and nothing of ours", async () => {
    process.env['OF_THE_DEVELOPER'] = 'secret';
    const { invoke } = run(handler('process.env.CHANGED = "1"; return process.env;'));

    const { payload } = await invoke();

    expect(payload).toMatchObject({
      GREETING: 'hello',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:3001',
      AWS_REGION: 'ap-southeast-2',
      AWS_LAMBDA_FUNCTION_NAME: 'subject',
      _HANDLER: 'index.handler',
    });
    expect(payload.AWS_ACCESS_KEY_ID).toMatch(/^LOCAL/);
    expect(payload).not.toHaveProperty('OF_THE_DEVELOPER');
    expect(process.env['CHANGED']).toBeUndefined();
  });

  it('gives the context of Lambda, with the qualifier it was called by', async () => {
    const { invoke } = run(
      handler(
        'return { ...context, remaining: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID };',
      ),
    );

    const { payload } = await invoke({}, {}, 'arn:aws:lambda:ap-southeast-2:000000000000:function:subject:live');

    expect(payload).toMatchObject({
      awsRequestId: 'request-1',
      functionName: 'subject',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:000000000000:function:subject:live',
      logGroupName: '/aws/lambda/subject',
    });
    expect(payload.remaining).toBeGreaterThan(2_000);
    expect(payload.remaining).toBeLessThanOrEqual(3_000);
    expect(payload.trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=/);
  });

  it('reports a thrown error by its name, as Step Functions matches it', async () => {
    const { invoke } = run(handler('throw Object.assign(new Error("no route"), { name: "MonoovaUnreachableError" });'));

    const { payload, functionError } = await invoke();

    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'MonoovaUnreachableError', errorMessage: 'no route' });
    expect(payload.trace[0]).toContain('no route');
  });

  it('reports a thrown value that is no error by its JavaScript type', async () => {
    const { invoke } = run(handler('throw "plain";'));

    expect((await invoke()).payload).toEqual({ errorType: 'string', errorMessage: 'plain', trace: [] });
  });

  it('keeps an environment for the next event, and starts another for one at the same time', async () => {
    const { invoke } = run(
      `let count = 0; ${handler('count += 1; await new Promise((r) => setTimeout(r, 50)); return count;')}`,
    );

    const first = await invoke();
    const [second, third] = await Promise.all([invoke(), invoke()]);

    expect([first.payload, second.payload, third.payload]).toEqual([1, 2, 1]);
  });

  it('refuses more events at a time than the function has reserved', async () => {
    const { invoke } = run(handler('await new Promise((r) => setTimeout(r, 50)); return 1;'), {
      reservedConcurrency: 1,
    });

    const [first, second] = await Promise.allSettled([invoke(), invoke()]);

    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'TooManyRequestsException', statusCode: 429 } });
  });

  it('lets an event wait for a busy environment rather than start ever more, and starts another when all stand still', async () => {
    const { invoke, clock } = run(
      `let count = 0; ${handler('count += 1; if (event.hang) await new Promise((r) => setTimeout(r, 300)); return count;')}`,
    );
    const held = Array.from({ length: Math.max(2, availableParallelism()) }, () => invoke({ hang: true }));
    await Promise.all(held);

    const again = held.map(() => invoke({ hang: true }));
    const waiting = invoke();
    expect((await waiting).payload).toBe(3);
    await Promise.all(again);

    const hanging = held.map(() => invoke({ hang: true }));
    const late = invoke();
    await clock.advance(500);
    expect((await late).payload).toBe(1);
    await Promise.all(hanging);
  });

  it('never runs an event whose caller leaves while it waits', async () => {
    const { invoke } = run(
      `let seen = []; ${handler('seen.push(event.name); await new Promise((r) => setTimeout(r, 100)); return seen;')}`,
    );
    const busy = Array.from({ length: Math.max(2, availableParallelism()) }, () => invoke({ name: 'first' }));
    const controller = new AbortController();

    const waiting = invoke({ name: 'gone' }, { signal: controller.signal });
    controller.abort(new Error('too late'));

    await expect(waiting).rejects.toThrow('too late');
    await Promise.all(busy);
    const after = await Promise.all(busy.map(() => invoke({ name: 'last' })));
    expect(after.map(({ payload }) => payload)).toEqual(busy.map(() => ['first', 'last']));
  });

  it('ends a function at its timeout by the clock and starts a fresh environment for the next event', async () => {
    const { invoke, clock, logs } = run(
      `let count = 0; ${handler('count += 1; if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return count;')}`,
    );
    await invoke();

    const hanging = invoke({ hang: true });
    await clock.advance(3_000);

    expect(await hanging).toMatchObject({
      functionError: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: request-2 Error: Task timed out after 3.00 seconds',
      },
    });
    expect(logs.at(-1)?.message).toContain('request-2 Task timed out after 3.00 seconds');
    expect((await invoke()).payload).toBe(1);
  });

  it('lets the function read the time of the clock, however it asks', async () => {
    const { invoke, clock } = run(
      handler(
        'return [Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), new Date() instanceof Date];',
      ),
    );
    await clock.advance(86_400_000);

    const { payload } = await invoke();

    for (const seen of payload.slice(0, 3)) expect(Math.abs(seen - clock.nowMs())).toBeLessThan(2_000);
    expect(payload.slice(3)).toEqual([5, true]);
  });

  it('fails the event and the environment when a promise nobody awaits is rejected', async () => {
    const { invoke } = run(
      `let count = 0; ${handler('count += 1; if (event.crash) { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 1000)); } return count;')}`,
    );
    await invoke();

    expect(await invoke({ crash: true })).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    });
    expect((await invoke()).payload).toBe(1);
  });

  it('reports an exit of the process as Lambda does', async () => {
    const { invoke } = run(handler('process.exit(event.code);'));

    expect((await invoke({ code: 1 })).payload).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: request-1 Error: Runtime exited with error: exit status 1',
    });
    expect((await invoke({ code: 0 })).payload.errorMessage).toBe(
      'RequestId: request-2 Error: Runtime exited without providing a reason',
    );
  });

  it.each([
    [
      'throws',
      'throw Object.assign(new Error("BAD is not set"), { name: "EnvironmentError" });',
      'EnvironmentError',
      'BAD is not set',
    ],
    [
      'exports no handler',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    ['is no JavaScript', 'export const = ;', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
  ])('reports the initialisation error of a module that %s', async (_name, code, errorType, message) => {
    const { invoke, logs } = run(code);

    const { payload, functionError } = await invoke();

    expect(functionError).toBe('Unhandled');
    expect(payload.errorType).toBe(errorType);
    expect(payload.errorMessage).toContain(message);
    expect(logs.some((line) => line.message.includes(errorType))).toBe(true);
  });

  it('sends every line that is printed to the log group, with the time of the clock', async () => {
    const { invoke, logs, clock } = run(
      handler(
        'console.log("one", 2); process.stdout.write(\'{"a":1}\\n{"b"\'); process.stdout.write(":2}"); return 1;',
      ),
    );
    await clock.advance(3_600_000);

    await invoke();

    expect(logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^\d{4}-.*Z\trequest-1\tINFO\tone 2$/),
      '{"a":1}',
      '{"b":2}',
    ]);
    expect(logs[0]).toMatchObject({ group: '/aws/lambda/subject', stream: expect.stringContaining('[$LATEST]') });
    expect(Math.abs((logs[0]?.timestampMs ?? 0) - clock.nowMs())).toBeLessThan(2_000);
  });

  it('writes console lines as JSON where the template asks for it', async () => {
    const { invoke, logs } = run(handler('console.warn("careful");'), { logFormat: 'JSON' });

    await invoke();

    expect(JSON.parse(logs[0]?.message ?? '')).toMatchObject({
      level: 'WARN',
      requestId: 'request-1',
      message: 'careful',
    });
  });

  it('lets the caller give up without ending the function', async () => {
    const { invoke, logs, service } = run(
      handler('await new Promise((r) => setTimeout(r, event.ms)); console.log("finished"); return 1;'),
    );
    await service.warm();
    const controller = new AbortController();

    const given = invoke({ ms: 80 }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await invoke({ ms: 150 });

    expect(logs.filter(({ message }) => message.endsWith('finished'))).toHaveLength(2);
  });

  it('refuses what Lambda refuses: an unknown function or alias, a payload above 6 MB', async () => {
    const { invoke, service } = run(handler('return "x".repeat(event.length);'));

    await expect(service.invoke('other', '{}')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      statusCode: 404,
    });
    await expect(service.invoke('subject:blue', '{}')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(service.invoke('subject', `"${'x'.repeat(6_291_456)}"`)).rejects.toMatchObject({
      code: 'RequestEntityTooLargeException',
    });
    expect((await invoke({ length: 6_291_556 })).payload.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('stops at once while a function is running', async () => {
    const { invoke, service } = run(handler('for (;;);'));
    await service.warm();
    const running = invoke();

    await service.stop();

    expect((await running).payload.errorType).toBe('Runtime.ExitError');
    expect(service.busyCount).toBe(0);
  });
});
