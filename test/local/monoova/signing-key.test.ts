import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payIdPayout } from '../../support/monoova-client.ts';
import { deliveries, START_MS, startReceiver, startSimulator, TOKEN } from './support.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const DAY_MS = 86_400_000;

async function publicKeyOf(url: string) {
  const hex = await (await fetch(`${url}/public/v1/certificate/public-key`)).text();
  return createPublicKey({ key: Buffer.from(hex, 'hex'), format: 'der', type: 'pkcs1' });
}

async function certificateOf(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(`${url}/public/v1/certificate`)).arrayBuffer());
}

/** Pays, and gives the webhook that came of it. */
async function signedWebhook() {
  const receiver = await startReceiver();
  const all = await startSimulator({ webhook: { url: receiver.url, token: TOKEN } });
  await all.execute(payIdPayout('ref-ü-1'));
  await all.time.advance(1_000);
  await deliveries(all.simulator, 1);
  const [webhook] = receiver.received;
  if (!webhook) throw new Error('No webhook came');
  return { ...all, receiver, webhook, signature: String(webhook.headers['verification-signature']) };
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'monoova-simulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the signing key', () => {
  it('is published as the hexadecimal of a PKCS#1 RSA-2048 key', async () => {
    const { url } = await startSimulator();
    const response = await fetch(`${url}/public/v1/certificate/public-key`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(await response.text()).toMatch(/^3082010A0282010100[0-9A-F]{512}0203010001$/);
  });

  it('signs the exact bytes of a webhook', async () => {
    const { url, webhook, signature } = await signedWebhook();
    expect(signature).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    const key = await publicKeyOf(url);
    const bytes = Buffer.from(signature, 'base64');
    expect(verify('sha256', webhook.bytes, key, bytes)).toBe(true);
    expect(verify('sha256', Buffer.concat([webhook.bytes, Buffer.from('\n')]), key, bytes)).toBe(false);
  });

  it.runIf(hasOpenssl)('makes signatures that openssl accepts, with the key as published', async () => {
    const { url, webhook, signature } = await signedWebhook();
    const folder = scratchFolder();
    const [keyFile, bodyFile, signatureFile] = [
      join(folder, 'key.pem'),
      join(folder, 'body'),
      join(folder, 'signature'),
    ];
    writeFileSync(keyFile, (await publicKeyOf(url)).export({ type: 'spki', format: 'pem' }));
    writeFileSync(bodyFile, webhook.bytes);
    writeFileSync(signatureFile, Buffer.from(signature, 'base64'));
    const check = () =>
      spawnSync('openssl', ['dgst', '-sha256', '-verify', keyFile, '-signature', signatureFile, bodyFile]);
    expect(String(check().stdout)).toBe('Verified OK\n');
    writeFileSync(bodyFile, `${webhook.bytes.toString()} `);
    expect(check().status).not.toBe(0);
  });

  it('stands in a self-signed certificate, valid for a year', async () => {
    const { url } = await startSimulator();
    const certificate = new X509Certificate(await certificateOf(url));
    expect(certificate.subject).toBe('CN=monoova-simulator');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.equals(await publicKeyOf(url))).toBe(true);
    expect(certificate.validFromDate.getTime()).toBe(START_MS - DAY_MS);
    expect(certificate.validToDate.getTime()).toBe(START_MS + 365 * DAY_MS);
  });

  it.runIf(hasOpenssl)('stands in a certificate that openssl reads and verifies', async () => {
    const { url } = await startSimulator();
    const folder = scratchFolder();
    const [derFile, pemFile] = [join(folder, 'certificate.der'), join(folder, 'certificate.pem')];
    writeFileSync(derFile, await certificateOf(url));
    execFileSync('openssl', ['x509', '-inform', 'DER', '-in', derFile, '-out', pemFile]);
    const text = execFileSync('openssl', ['x509', '-in', pemFile, '-noout', '-text']).toString();
    expect(text).toContain('sha256WithRSAEncryption');
    expect(text).toMatch(/CN ?= ?monoova-simulator/);
    const at = String(Math.floor(START_MS / 1000));
    const verified = execFileSync('openssl', ['verify', '-attime', at, '-CAfile', pemFile, pemFile]).toString();
    expect(verified).toBe(`${pemFile}: OK\n`);
  });

  it('signs with nothing but the new key once it was changed', async () => {
    const { url, simulator, receiver, webhook } = await signedWebhook();
    const oldKey = await publicKeyOf(url);
    const oldCertificate = new X509Certificate(await certificateOf(url));
    await simulator.rotateKey();
    const newKey = await publicKeyOf(url);
    expect(newKey.equals(oldKey)).toBe(false);
    const certificate = new X509Certificate(await certificateOf(url));
    expect(certificate.publicKey.equals(newKey)).toBe(true);
    expect(certificate.serialNumber).not.toBe(oldCertificate.serialNumber);
    await simulator.resend(Number(webhook.headers['webhookid']));
    const [, again] = receiver.received;
    const signature = Buffer.from(String(again?.headers['verification-signature']), 'base64');
    expect(verify('sha256', again?.bytes ?? Buffer.alloc(0), newKey, signature)).toBe(true);
    expect(verify('sha256', again?.bytes ?? Buffer.alloc(0), oldKey, signature)).toBe(false);
  });
});
