import { setImmediate } from 'node:timers/promises';
import { type GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { CONTROLS_ITEM_ID, NO_CONTROLS } from '../../domain/controls.ts';
import { createControls } from '../../functions/adapters/controls.ts';
import { createKeylessMemos } from '../../functions/adapters/keyless-memos.ts';
import { sdkError } from '../simulation/aws/sdk-errors.ts';
import { type Item, toStored } from '../simulation/database/stored-value.ts';
import { clientOver, openTable, TABLE } from './documents.ts';

/** Two requests without a key that are the same, and two writers of the control item: one of two has to win, whoever is quicker. */

const NOW_SECONDS = 1_795_392_000;
const WINDOW_SECONDS = 86_400;
/** Each of the two makes at most so many calls: three tries of a write, a read and another write. */
const CALLS_MAX = 9;
/** So many of the first calls come in every order, and the others as they like. */
const ORDERED_CALLS = 6;

/** A memo of an earlier request, and which of the two references may be paid then: the earlier alone, or one that is new. */
const MEMOS = [
  { name: 'no memo', memo: undefined, isOpen: false, expected: 'new' },
  { name: 'a memo of the window', memo: { counts_until: NOW_SECONDS + 1 }, isOpen: false, expected: 'earlier' },
  { name: 'a memo that has ended', memo: { counts_until: NOW_SECONDS }, isOpen: false, expected: 'new' },
  { name: 'a memo of an open payout', memo: { counts_until: NOW_SECONDS - 1 }, isOpen: true, expected: 'earlier' },
] as const;
type Memo = (typeof MEMOS)[number];

export type Races = { readonly races: number; readonly broken: string | undefined };

/** Runs races until something is broken, or to the end. */
export async function raceAll(): Promise<Races> {
  let races = 0;
  for (const memo of MEMOS) {
    for (let order = 0; order < 2 ** ORDERED_CALLS; order++) {
      races += 1;
      const broken = await brokenMemo(memo, order);
      if (broken !== undefined) return { races, broken: `${memo.name}, order ${order.toString(2)}: ${broken}` };
    }
  }
  return { races, broken: (await brokenControls()) ?? (await brokenRefusals()) ?? (await brokenExpiry()) };
}

/** @param order whose call comes next: a bit each, the lowest first */
async function brokenMemo({ memo, isOpen, expected }: Memo, order: number): Promise<string | undefined> {
  const { table, database } = openTable('id');
  if (memo) table.write('memo#same', { id: 'memo#same', reference: 'earlier', expires_at: 0, ...memo }, 0);
  const waiting: ((() => void) | undefined)[] = [undefined, undefined];
  const told = [0, 1].map((racer) => {
    const admit = () => new Promise<void>((resolve) => waiting.splice(racer, 1, resolve));
    const memos = createKeylessMemos(clientOver(database, admit), {
      tableName: TABLE,
      windowSeconds: WINDOW_SECONDS,
      nowMs: () => NOW_SECONDS * 1_000,
      isOpen: async () => isOpen,
    });
    return memos.remember('same', `new-${racer}`);
  });
  for (let call = 0; call < 2 * CALLS_MAX; call++) {
    await setImmediate();
    const racer = waiting[(order >> call) & 1] ? (order >> call) & 1 : waiting.findIndex(Boolean);
    if (racer === -1) break;
    const go = waiting[racer];
    waiting[racer] = undefined;
    go?.();
  }
  const [one, other] = await Promise.all(told);
  const stored = table.read('memo#same')?.['reference'];
  const isExpected = expected === 'earlier' ? one === 'earlier' : one?.startsWith('new-');
  if (one === other && one === stored && isExpected) return undefined;
  return `the two requests are ${one} and ${other}, and the memo says ${stored}`;
}

/** A call that DynamoDB does not take is no lost race: whoever asked has to hear of it. */
async function brokenRefusals(): Promise<string | undefined> {
  const throttled = sdkError('ThrottlingException', 'Rate exceeded');
  const { client } = openTable('id');
  const refusing = {
    send: (command: object) =>
      command instanceof PutCommand ? Promise.reject(throttled) : client.send(command as GetCommand),
  } as typeof client;
  const calls = {
    'a memo': () => memosOver(refusing).remember('same', 'new'),
    'the control item': () => createControls(refusing, TABLE).replace(NO_CONTROLS, { revision: 1, changed_by: 'now' }),
  };
  for (const [what, call] of Object.entries(calls)) {
    const told: unknown = await call().catch((error: unknown) => error);
    if (told !== throttled) return `${what} whose write is throttled comes to ${String(told)}`;
  }
  return undefined;
}

/** DynamoDB takes a memo away whose time is over, at any moment. */
async function brokenExpiry(): Promise<string | undefined> {
  const { table, database } = openTable('id');
  table.write('memo#same', { id: 'memo#same', reference: 'earlier', expires_at: 0, counts_until: 0 }, 0);
  let calls = 0;
  const admit = async () => {
    calls += 1;
    if (calls === 2) table.write('memo#same', undefined, 0);
  };
  const told = await memosOver(clientOver(database, admit)).remember('same', 'new').catch(String);
  return told === 'new' ? undefined : `a memo that is taken away between write and read comes to ${told}`;
}

function memosOver(client: ReturnType<typeof clientOver>) {
  const options = { windowSeconds: WINDOW_SECONDS, nowMs: () => NOW_SECONDS * 1_000, isOpen: async () => false };
  return createKeylessMemos(client, { tableName: TABLE, ...options });
}

/** Whoever has read what is stored writes over it, and nobody else. */
async function brokenControls(): Promise<string | undefined> {
  const known = [NO_CONTROLS, ...[1, 2].map((revision) => ({ revision, changed_by: 'earlier' }))];
  for (const stored of known) {
    for (const previous of known) {
      const { table, client } = openTable('id');
      if (stored !== NO_CONTROLS)
        table.write(CONTROLS_ITEM_ID, toStored({ ...stored, id: CONTROLS_ITEM_ID }) as Item, 0);
      const controls = createControls(client, TABLE);
      const next = { revision: previous.revision + 1, changed_by: 'now', paused_by: 'somebody' };
      const isWritten = await controls.replace(previous, next);
      const now = await controls.read();
      const isMine = now.changed_by === 'now' && now.revision === next.revision;
      const isOld = now.changed_by === stored.changed_by && now.revision === stored.revision;
      const mayWrite = stored.revision === previous.revision;
      if (isWritten === mayWrite && (mayWrite ? isMine : isOld)) continue;
      return `controls of revision ${previous.revision} over ${stored.revision}: ${isWritten}, and then ${JSON.stringify(now)}`;
    }
  }
  return undefined;
}
