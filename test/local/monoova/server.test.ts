import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMonoovaSimulator } from '../../../local/monoova/server.ts';
import { API_KEY, payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, startSimulator } from './support.ts';

const FOLDER = new URL('../../../local/monoova/', import.meta.url);

describe('the simulator', () => {
  it('imports nothing but Node and itself', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
    const imported = files.flatMap((name) =>
      [...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(
        ([, from, dynamic]) => from ?? dynamic ?? '',
      ),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(imported.filter((specifier) => !/^(?:node:|\.\/[a-z-]+\.ts$)/.test(specifier))).toEqual([]);
  });

  it('knows nothing but its endpoints', async () => {
    const { get, post } = await startSimulator();
    expect((await get('/')).status).toBe(404);
    expect((await get('/financial/v2/transaction/execute')).status).toBe(404);
    expect((await post('/financial/v2/status/ref-1', {})).status).toBe(404);
    expect((await get('/financial/v2/status/%E0%A4%A')).status).toBe(404);
  });

  it('refuses a body of more than 256 KiB', async () => {
    const { simulator, execute } = await startSimulator();
    expect((await execute({ ...payIdPayout('ref-1'), novelty: 'x'.repeat(262_144) })).status).toBe(413);
    expect(simulator.payments()).toEqual([]);
  });

  it('says so when its port is taken', async () => {
    const { url } = await startSimulator();
    const second = createMonoovaSimulator({ apiKey: API_KEY });
    await expect(second.listen(Number(new URL(url).port))).rejects.toThrow('EADDRINUSE');
  });

  it('counts requests per endpoint and reference', async () => {
    const { simulator, execute, status } = await startSimulator();
    await execute(payIdPayout('a'));
    await execute(payIdPayout('b'));
    await execute(payIdPayout('a'));
    await status('a');
    const counted = simulator.requests().map(({ route, uniqueReference, nth }) => [route, uniqueReference, nth]);
    expect(counted).toEqual([
      ['execute', 'a', 1],
      ['execute', 'b', 1],
      ['execute', 'a', 2],
      ['status', 'a', 1],
    ]);
  });

  it('remembers no more than it is told to', async () => {
    const { simulator, execute, status } = await startSimulator({ settings: { keptRecords: 3, keptPayments: 2 } });
    for (const reference of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await execute(payIdPayout(reference));
    expect(simulator.requests().map(({ uniqueReference }) => uniqueReference)).toEqual(['e', 'f', 'g']);
    expect(simulator.payments().map(({ uniqueReference }) => uniqueReference)).toEqual(['f', 'g']);
    expect((await answerOf(status('a'))).json['status']).toBe('UniqueIdNotFound');
  });

  it('gives out copies, so that a witness cannot be changed', async () => {
    const { simulator, execute } = await startSimulator();
    await execute(payIdPayout('a'));
    Object.assign(simulator.payments()[0] ?? {}, { amountCents: 1 });
    expect(simulator.payments()[0]?.amountCents).toBe(1_250);
  });
});
