import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuards } from '../../../functions/adapters/guards.ts';
import { AwsError, type WireService } from '../../../local/aws/wire.ts';
import { TRANSACTION_ID } from '../../builders/payout.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

const MACHINE = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:settlement';
let refusal: AwsError | undefined;
let started: unknown[] = [];
const states: WireService = {
  signingNames: ['states'],
  async handle({ action, input }) {
    if (refusal) throw refusal;
    started.push([action, input]);
    return { executionArn: 'arn', startDate: 0 };
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
});

describe('the guards of a payout', () => {
  it('start with a name of their own and nothing but the id', async () => {
    const guards = createGuards(client, MACHINE);
    await guards.start(TRANSACTION_ID, 1);
    await guards.start(TRANSACTION_ID, 2);
    const input = JSON.stringify({ transaction_id: TRANSACTION_ID });
    expect(started).toEqual([
      ['StartExecution', { stateMachineArn: MACHINE, name: TRANSACTION_ID, input }],
      ['StartExecution', { stateMachineArn: MACHINE, name: `${TRANSACTION_ID}-2`, input }],
    ]);
  });

  it('are left as they are where they have had their life', async () => {
    refusal = new AwsError('ExecutionAlreadyExists', 'closed');
    await expect(createGuards(client, MACHINE).start(TRANSACTION_ID, 2)).resolves.toBeUndefined();
  });

  it.each(['StateMachineDoesNotExist', 'AccessDeniedException'])('fail aloud otherwise (%s)', async (code) => {
    refusal = new AwsError(code, 'not now');
    await expect(createGuards(client, MACHINE).start(TRANSACTION_ID, 2)).rejects.toMatchObject({ name: code });
  });
});
