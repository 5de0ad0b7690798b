import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTaskTokens } from '../../../functions/adapters/task-tokens.ts';
import { AwsError, type WireService } from '../../../local/aws/wire.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

let refusal: AwsError | undefined;
const rung: unknown[] = [];
const states: WireService = {
  signingNames: ['states'],
  async handle({ action, input }) {
    if (refusal) throw refusal;
    rung.push([action, input]);
    return {};
  },
};

let served: Served;
let client: SFNClient;
beforeAll(async () => {
  served = await serve([states]);
  client = new SFNClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

describe("the guard's doorbell", () => {
  it('rings without a message', async () => {
    refusal = undefined;
    await createTaskTokens(client).ring('token-1');
    expect(rung).toEqual([['SendTaskSuccess', { taskToken: 'token-1', output: '{}' }]]);
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'has done its work where nobody waits (%s)',
    async (code) => {
      refusal = new AwsError(code, 'nobody there');
      await expect(createTaskTokens(client).ring('token-1')).resolves.toBeUndefined();
    },
  );

  it.each(['ThrottlingException', 'KmsThrottlingException', 'AccessDeniedException'])(
    'fails aloud otherwise (%s)',
    async (code) => {
      refusal = new AwsError(code, 'not now');
      await expect(createTaskTokens(client).ring('token-1')).rejects.toMatchObject({ name: code });
    },
  );
});
