import { describe, expect, it } from 'vitest';
import { OptionsError, parseOptions } from '../../local/options.ts';

const MONOOVA = ['--monoova-url', 'https://api.example/', '--monoova-api-key', 'key', '--webhook-token', 'token'];

describe('parseOptions', () => {
  it('serves the API on 3000, AWS on 3001, simulates Monoova and shows a payout, unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      port: 3000,
      awsPort: 3001,
      monoova: undefined,
      isDemoWanted: true,
      isVerbose: false,
    });
  });

  it('takes every option', () => {
    expect(parseOptions(['--port', '0', '--aws-port', '4001', '--no-demo', '--verbose', ...MONOOVA])).toEqual({
      port: 0,
      awsPort: 4001,
      monoova: { url: 'https://api.example', apiKey: 'key', webhookToken: 'token' },
      isDemoWanted: false,
      isVerbose: true,
    });
  });

  it.each([['--monoova-url'], ['--monoova-api-key'], ['--webhook-token']])(
    'refuses another Monoova without %s',
    (name) => {
      const at = MONOOVA.indexOf(name);

      expect(() => parseOptions([...MONOOVA.slice(0, at), ...MONOOVA.slice(at + 2)])).toThrow(OptionsError);
    },
  );

  it('keeps and records nothing unless told where, and not both in one folder', () => {
    expect(parseOptions([])).toMatchObject({ dataDirectory: undefined, recordDirectory: undefined });
    expect(parseOptions(['--data', 'a', '--record', 'b'])).toMatchObject({ dataDirectory: 'a', recordDirectory: 'b' });
    expect(() => parseOptions(['--data', 'a', '--record', './a'])).toThrow('need a folder each');
  });
});
