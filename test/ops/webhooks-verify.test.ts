import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

const BODY =
  '{"TransactionDate":"2026-11-23T11:00:00","UniqueReference":"é-1","Status":"Payment Successful","Amount":12.34}';

describe('payouts webhooks verify', () => {
  let folder = '';
  let keyHex = '';
  let strangerHex = '';
  let signature = '';
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'verify-'));
    writeFileSync(at('body.json'), BODY);
    keyHex = newKey('key.pem');
    strangerHex = newKey('stranger.pem');
    openssl('dgst', '-sha256', '-sign', at('key.pem'), '-out', at('signature'), at('body.json'));
    signature = readFileSync(at('signature')).toString('base64');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function newKey(name: string): string {
    openssl('genrsa', '-out', at(name), '2048');
    return openssl('rsa', '-in', at(name), '-RSAPublicKey_out', '-outform', 'DER').toString('hex');
  }

  const verify = (fields: { file?: string; signature?: string; key?: string; stdin?: string; group?: string } = {}) =>
    runCommand(
      [
        fields.group ?? 'webhooks',
        'verify',
        ...['--body-file', fields.file ?? at('body.json')],
        ...['--signature', fields.signature ?? signature],
        ...['--public-key-hex', fields.key ?? keyHex],
      ],
      fields.stdin === undefined ? {} : { stdin: fields.stdin },
    );

  const flipped = (bytes: Buffer, bit: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  };

  it('takes what openssl has signed, from a file and from standard input', async () => {
    const genuine = {
      code: 0,
      out: `Genuine: these ${Buffer.byteLength(BODY)} bytes were signed with this key.\n`,
      err: '',
    };
    expect(await verify()).toEqual(genuine);
    expect(await verify({ file: '-', stdin: BODY })).toEqual(genuine);
    expect(await verify({ key: keyHex.toUpperCase() })).toEqual(genuine);
    expect(await verify({ group: 'webhook' })).toEqual(genuine);
  });

  it('refuses each body with one flipped bit', async () => {
    const bytes = Buffer.from(BODY);
    for (let bit = 0; bit < bytes.length * 8; bit += 37) {
      writeFileSync(at('flipped'), flipped(bytes, bit));
      expect(await verify({ file: at('flipped') })).toMatchObject({ code: 1, out: '' });
    }
  });

  it('refuses each signature with one flipped bit', async () => {
    const bytes = Buffer.from(signature, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 101) {
      expect(await verify({ signature: flipped(bytes, bit).toString('base64') })).toMatchObject({ code: 1 });
    }
  });

  it("refuses a stranger's key, an empty signature, and an empty body", async () => {
    expect(await verify({ key: strangerHex })).toMatchObject({ code: 1, err: expect.stringContaining('not genuine') });
    expect(await verify({ signature: ' ' })).toMatchObject({ code: 1 });
    expect(await verify({ file: '-', stdin: '' })).toMatchObject({ code: 1 });
  });

  it('says so where only the line end of an editor is in the way', async () => {
    for (const end of ['\n', '\r\n']) {
      expect(await verify({ file: '-', stdin: `${BODY}${end}` })).toMatchObject({
        code: 1,
        err: expect.stringContaining('Without the line end at its end it is'),
      });
    }
  });

  it('ends with 2 for a key that is none, and with 1 for a file that is not there', async () => {
    for (const key of ['', 'abc', 'zz'.repeat(300), 'ab'.repeat(300)]) {
      expect(await verify({ key })).toMatchObject({ code: 2, err: expect.stringContaining('--public-key-hex') });
    }
    expect(await verify({ file: at('nothing') })).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot be read'),
    });
  });
});
