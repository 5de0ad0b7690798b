import { describe, expect, it } from 'vitest';
import { createMonoova } from '../../../functions/adapters/monoova/client.ts';
import { exchangeOverHttp } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { SweptPage } from '../../../functions/shared/ports.ts';
import { createHandler } from '../../../functions/watch-payouts/handler.ts';
import { createFakeControls } from '../../fakes/controls.ts';
import { startSimulator } from '../../local/monoova/support.ts';
import { API_KEY } from '../../support/monoova-client.ts';

const NOW_MS = Date.parse('2026-11-26T00:00:00.000Z');
const MACCOUNT = '6279059718394711';

async function watching({ open = [] as string[], mAccount = MACCOUNT, apiKey = API_KEY } = {}) {
  const { url, simulator } = await startSimulator();
  const controls = createFakeControls();
  const measured: Record<string, number> = {};
  const counted: string[] = [];
  const lines: unknown[] = [];
  const write = (message: string, keys?: object) => lines.push([message, keys]);
  const page: SweptPage = {
    payouts: open.map((created_at) => ({ transaction_id: 'txn-1', created_at, status: 'Pending', posts: 1 })),
    isEnd: true,
  };
  const handler = createHandler({
    controls,
    sweeps: { open: async () => page },
    monoova: createMonoova({
      readApiKey: async () => ({ apiKey, environment: 'sandbox', baseUrl: url }),
      exchange: exchangeOverHttp,
      nowMs: () => NOW_MS,
      remitter: { name: '', mAccountToken: '' },
      postTimeoutMs: 500,
      lookupTimeoutMs: 2_000,
    }),
    mAccount,
    nowMs: () => NOW_MS,
    metrics: {
      count: (name) => void counted.push(name),
      measure: (name, value) => {
        measured[name] = value;
      },
    },
    log: { info: write, warn: write, error: write },
    breaker: { failuresToOpen: 5, cooldownMs: 30_000, cooldownMaxMs: 300_000 },
  });
  return { run: () => handler({}, 'attempt-1'), simulator, controls, measured, counted, lines };
}

describe('the watch', () => {
  it('measures since when the oldest open payout is open, and what the mAccount can pay', async () => {
    const { run, measured } = await watching({ open: ['2026-11-25T23:00:00.000Z'] });
    await run();
    expect(measured['OldestOpenSeconds']).toBe(3_600);
    expect(measured['AvailableCents']).toBeGreaterThan(0);
  });

  it('measures zero where nothing is open, since silence means that nobody watches', async () => {
    const { run, measured } = await watching();
    expect((await run()).oldestOpenSeconds).toBe(0);
    expect(measured['OldestOpenSeconds']).toBe(0);
  });

  it('asks nobody where the stage does not know which mAccount pays', async () => {
    const { run, measured } = await watching({ mAccount: '' });
    await run();
    expect(measured).toEqual({ OldestOpenSeconds: 0 });
  });

  it('says why Monoova did not tell, and tells everybody of a key that is refused', async () => {
    const { run, measured, counted, controls } = await watching({ apiKey: 'wrong' });
    await run();
    expect(measured).toEqual({ OldestOpenSeconds: 0 });
    expect(counted).toEqual(['MonoovaCredentialsRefused']);
    expect((await controls.read()).refused_key).toBeDefined();
  });
});
