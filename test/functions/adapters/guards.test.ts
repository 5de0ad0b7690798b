import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuards } from '../../../functions/adapters/guards.ts';
import { AwsError, type WireService } from '../../../local/aws/wire.ts';
import { TRANSACTION_ID } from '../../builders/payout.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

const MACHINE = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:settlement';
let refusal: AwsError | undefined;
let started: unknown[] = [];
let startedAtSeconds = 0;
const states: WireService = {
  signingNames: ['states'],
  async handle({ action, input }) {
    if (refusal) throw refusal;
    started.push([action, input]);
    return { executionArn: 'arn', startDate: startedAtSeconds };
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
beforeEach(() => {
  refusal = undefined;
  started = [];
  startedAtSeconds = Date.now() / 1000;
});

describe('the guards of a payout', () => {
  it('start with a name of their own and nothing but the id', async () => {
    const guards = createGuards(client, MACHINE);
    expect(await guards.start(TRANSACTION_ID, 1)).toBe('started');
    await guards.start(TRANSACTION_ID, 2);
    const input = JSON.stringify({ transaction_id: TRANSACTION_ID });
    expect(started).toEqual([
      ['StartExecution', { stateMachineArn: MACHINE, name: TRANSACTION_ID, input }],
      ['StartExecution', { stateMachineArn: MACHINE, name: `${TRANSACTION_ID}-2`, input }],
    ]);
  });

  it('are left as they are where they have had their life', async () => {
    refusal = new AwsError('ExecutionAlreadyExists', 'closed');
    await expect(createGuards(client, MACHINE).start(TRANSACTION_ID, 2)).resolves.toBe('ended');
  });

  it('are told apart: the one that was running all the time, and the one that was started', async () => {
    startedAtSeconds -= 60;
    expect(await createGuards(client, MACHINE).start(TRANSACTION_ID, 1)).toBe('running');
  });

  it.each(['StateMachineDoesNotExist', 'AccessDeniedException'])('fail aloud otherwise (%s)', async (code) => {
    refusal = new AwsError(code, 'not now');
    await expect(createGuards(client, MACHINE).start(TRANSACTION_ID, 2)).rejects.toMatchObject({ name: code });
  });
});
