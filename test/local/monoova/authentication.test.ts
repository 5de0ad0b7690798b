import { describe, expect, it } from 'vitest';
import { API_KEY, client, payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, startSimulator } from './support.ts';

const HOUR_MS = 3_600_000;

describe('authentication', () => {
  it.each([
    ['no header', undefined],
    ['another key', `Basic ${btoa('another:')}`],
    ['the key without its colon', `Basic ${btoa(API_KEY)}`],
    ['the key with a password', `Basic ${btoa(`${API_KEY}:secret`)}`],
    ['the key as a Bearer token', `Bearer ${btoa(`${API_KEY}:`)}`],
  ])('refuses %s and takes nothing', async (_, authorization) => {
    const { simulator, url } = await startSimulator();
    const headers = { 'Content-Type': 'application/json', ...(authorization && { Authorization: authorization }) };
    const body = JSON.stringify(payIdPayout('ref-1'));
    const { httpStatus, json } = await answerOf(
      fetch(`${url}/financial/v2/transaction/execute`, { method: 'POST', headers, body }),
    );
    expect({ httpStatus, status: json['status'] }).toEqual({ httpStatus: 401, status: 'MerchantFailedToLogin' });
    expect(simulator.payments()).toEqual([]);
  });

  it('is not asked of the public endpoints, and proves itself on the ping of the tools', async () => {
    const { url, get } = await startSimulator();
    expect((await answerOf(fetch(`${url}/public/v1/ping`))).json).toMatchObject({
      status: 'Ok',
      environment: 'Sandbox',
    });
    expect((await fetch(`${url}/public/v1/certificate/public-key`)).status).toBe(200);
    expect((await fetch(`${url}/tools/v1/ping`)).status).toBe(401);
    expect((await answerOf(get('/tools/v1/ping'))).json).toMatchObject({ status: 'Ok' });
  });

  it('never locks a sandbox account', async () => {
    const { url, get } = await startSimulator();
    const stranger = client(url, 'wrong');
    for (let attempt = 1; attempt <= 10; attempt++) await stranger.get('/tools/v1/ping');
    expect((await get('/tools/v1/ping')).status).toBe(200);
  });

  it('locks a live account for an hour on the fifth failure, even for the right key', async () => {
    const { url, time, get } = await startSimulator({ settings: { environment: 'Live' } });
    const stranger = client(url, 'wrong');
    const codes: unknown[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      codes.push((await answerOf(stranger.get('/tools/v1/ping'))).json['status']);
    }
    expect(codes).toEqual([...Array(4).fill('MerchantFailedToLogin'), 'MerchantLockedOut']);
    const { json } = await answerOf(get('/tools/v1/ping'));
    expect(json).toMatchObject({
      status: 'MerchantLockedOut',
      statusDescription: expect.stringContaining('2026-01-15T02:00:00.000Z (UTC)'),
    });
    await time.advance(HOUR_MS - 1);
    expect((await get('/tools/v1/ping')).status).toBe(401);
    await time.advance(1);
    expect((await get('/tools/v1/ping')).status).toBe(200);
  });

  it('counts failures anew after a success', async () => {
    const { url, get } = await startSimulator({ settings: { environment: 'Live' } });
    const stranger = client(url, 'wrong');
    for (let round = 1; round <= 3; round++) {
      for (let attempt = 1; attempt <= 4; attempt++) await stranger.get('/tools/v1/ping');
      expect((await get('/tools/v1/ping')).status).toBe(200);
    }
  });
});
