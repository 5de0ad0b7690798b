import { InvalidToken, type SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import type { Cents } from '../../domain/money.ts';
import { createMonoova } from '../../functions/adapters/monoova/client.ts';
import { createTaskTokens } from '../../functions/adapters/task-tokens.ts';
import { REFERENCE } from '../builders/payout.ts';
import { DESTINATION } from '../fakes/world.ts';
import { sdkError } from '../simulation/aws/sdk-errors.ts';
import { askAll } from './answers.ts';
import { raceAll } from './races.ts';
import { wishAll } from './records.ts';
import { settleAll } from './settling.ts';

export type Adapters = { readonly cases: number; readonly broken: string | undefined };

/** Every case of what the adapters make of Monoova's answers, of the table and of Step Functions, against what the design says of it. */
export async function checkAdapters(): Promise<Adapters> {
  const { answers, broken } = askAll();
  const { wishes, broken: brokenWish } = await wishAll();
  const { races, broken: brokenRace } = await raceAll();
  const { cases: tellings, broken: brokenTelling } = await settleAll();
  return {
    cases: answers + wishes + races + tellings,
    broken: broken ?? brokenWish ?? brokenRace ?? brokenTelling ?? (await brokenDoorbell()) ?? (await brokenDeadline()),
  };
}

const WORDS = { message: 'words', $metadata: {} };
/** Whether anybody may still wait behind the doorbell, who is rung again then. */
const RINGS: readonly (readonly [error: Error | undefined, isWaiting: boolean])[] = [
  [undefined, false],
  [new TaskTimedOut(WORDS), false],
  [new TaskDoesNotExist(WORDS), false],
  [new InvalidToken(WORDS), false],
  [sdkError('ThrottlingException', 'Rate exceeded'), true],
  [sdkError('KmsAccessDeniedException', 'no'), true],
];

async function brokenDoorbell(): Promise<string | undefined> {
  for (const [error, isWaiting] of RINGS) {
    const client = { send: () => (error ? Promise.reject(error) : Promise.resolve({})) } as unknown as SFNClient;
    const thrown: unknown = await createTaskTokens(client)
      .ring('token')
      .then(
        () => undefined,
        (caught: unknown) => caught,
      );
    if (thrown !== (isWaiting ? error : undefined))
      return `a doorbell that is answered ${error?.name} throws ${String(thrown)}`;
  }
  return undefined;
}

/** Nothing is sent at the deadline or later: from then on another attempt may post. */
async function brokenDeadline(): Promise<string | undefined> {
  for (const nowMs of [99, 100, 101]) {
    let sent = 0;
    const { connect } = createMonoova({
      readApiKey: async () => ({ apiKey: 'key', environment: 'sandbox', baseUrl: 'https://api.m-pay.com.au' }),
      exchange: async () => {
        sent += 1;
        return { kind: 'failure', phase: 'sent', code: 'TIMEOUT' };
      },
      nowMs: () => nowMs,
      remitter: { name: 'Payer', mAccountToken: 'token' },
      postTimeoutMs: 1,
      lookupTimeoutMs: 1,
    });
    const line = await connect();
    const instruction = { uniqueReference: REFERENCE, amountCents: 1 as Cents, destination: DESTINATION };
    const { kind } = await line.execute(instruction, 100);
    if (sent !== (nowMs < 100 ? 1 : 0) || kind !== (nowMs < 100 ? 'unanswered' : 'unsent'))
      return `a POST that is due before 100 is sent ${sent} times at ${nowMs}, and is ${kind}`;
  }
  return undefined;
}
