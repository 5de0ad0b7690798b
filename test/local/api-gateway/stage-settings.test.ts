import { describe, expect, it } from 'vitest';
import { StageSettings } from '../../../local/api-gateway/stage-settings.ts';
import { ROOT } from '../../../local/aws/credentials.ts';
import type { KeptMap } from '../../../local/data/kept-map.ts';
import type { JsonValue } from '../../../local/json.ts';

const STAGE = { restApiId: 'api1', stageName: 'dev' };
const settings = (ResourcePath: string, HttpMethod: string, limit: number) => ({
  ResourcePath,
  HttpMethod,
  ThrottlingRateLimit: limit,
  ThrottlingBurstLimit: limit,
});
const PROPERTIES = {
  RestApiId: 'api1',
  StageName: 'dev',
  MethodSettings: [settings('/*', '*', 100), settings('/~1payouts', 'POST', 100)],
};

function memory(): KeptMap {
  const values = new Map<string, JsonValue>();
  return {
    entries: () => values.entries(),
    write: (changes) => {
      for (const [key, value] of changes) if (value !== undefined) values.set(key, value);
    },
  };
}

function stage(kept?: KeptMap) {
  const stages = new StageSettings({ kept });
  stages.add({ properties: PROPERTIES });
  return {
    isClosed: (path: string, method: string) => stages.isClosed({ apiId: 'api1', stageName: 'dev' }, path, method),
    replace: (path: string, value: string) =>
      stages.handle({
        action: 'UpdateStage',
        input: { ...STAGE, patchOperations: [{ op: 'replace', path, value }] },
        principal: ROOT,
      }),
  };
}

describe('the settings of a stage', () => {
  it.each(['rateLimit', 'burstLimit'])('close the one method whose %s is zero', async (limit) => {
    const { isClosed, replace } = stage();
    expect(isClosed('/payouts', 'POST')).toBe(false);
    await replace(`/~1payouts/POST/throttling/${limit}`, '0');
    expect(isClosed('/payouts', 'POST')).toBe(true);
    expect(isClosed('/payouts', 'GET')).toBe(false);
    await replace(`/~1payouts/POST/throttling/${limit}`, '100');
    expect(isClosed('/payouts', 'POST')).toBe(false);
  });

  it('close every method that has none of its own', async () => {
    const { isClosed, replace } = stage();
    await replace('/*/*/throttling/rateLimit', '0');
    expect(isClosed('/webhooks/monoova', 'POST')).toBe(true);
    expect(isClosed('/payouts', 'POST')).toBe(false);
  });

  it('outlive the run that changed them, where it keeps its data', async () => {
    const kept = memory();
    await stage(kept).replace('/~1payouts/POST/throttling/rateLimit', '0');
    expect(stage(kept).isClosed('/payouts', 'POST')).toBe(true);
  });

  it.each(['/~1payouts/POST/logging/loglevel', '/variables/x'])(
    'refuse to change what is not run: %s',
    async (path) => {
      await expect(stage().replace(path, '0')).rejects.toThrow('only throttling can be changed here');
    },
  );
});
