import { describe, expect, it } from 'vitest';
import { createMonoova } from '../../../../functions/adapters/monoova/client.ts';
import { exchangeOverHttp, type HttpOutcome } from '../../../../functions/adapters/monoova/http-exchange.ts';
import { subscribedOf, subscriptionsOf } from '../../../../functions/adapters/monoova/subscriptions.ts';
import { startSimulator } from '../../../local/monoova/support.ts';
import { API_KEY } from '../../../support/monoova-client.ts';

const answer = (body: unknown, status = 200): HttpOutcome => ({
  kind: 'answer',
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const LINE = { eventName: 'NppReturn', id: 1, targetUrl: 'https://a.example/', status: 'On', LastUpdated: 'x' };
const READ = { eventName: 'NppReturn', id: 1, targetUrl: 'https://a.example/', isOn: true };

describe('the list of subscriptions', () => {
  it.each(['eventname', 'eventName'])('is read by the name %s', (name) => {
    expect(subscriptionsOf(answer({ status: 'Ok', [name]: [LINE, { ...LINE, id: 'x' }] }))).toEqual({
      kind: 'told',
      lines: [READ],
      unreadable: 1,
    });
  });

  it('is empty where it is null, and no answer where there is none', () => {
    expect(subscriptionsOf(answer({ status: 'Ok', eventname: null }))).toMatchObject({ kind: 'told', lines: [] });
    expect(subscriptionsOf(answer({ status: 'Ok' }))).toMatchObject({ kind: 'unknown' });
    expect(subscriptionsOf(answer('<html>', 502))).toMatchObject({ kind: 'unknown' });
    expect(subscriptionsOf({ kind: 'failure', phase: 'sent', code: 'TIMEOUT' })).toMatchObject({ kind: 'unknown' });
  });
});

describe('a subscription', () => {
  it('is new, or was there, or nobody knows', () => {
    expect(subscribedOf(answer({ status: 'Ok', id: 1 }))).toEqual({ kind: 'told', isNew: true });
    const known = { status: 'WebhookAlreadySubscribed', id: 3675 };
    expect(subscribedOf(answer(known, 400))).toEqual({ kind: 'told', isNew: false });
    expect(subscribedOf(answer({ status: 'ValidationFailed' }, 400))).toMatchObject({ kind: 'unknown' });
    expect(subscribedOf(answer({ status: 'MerchantFailedToLogin' }, 401))).toMatchObject({
      kind: 'credentials-refused',
    });
    expect(subscribedOf({ kind: 'failure', phase: 'connecting', code: 'ECONNREFUSED' })).toMatchObject({
      kind: 'unknown',
    });
  });

  it('is made, seen and moved at the simulated Monoova', async () => {
    const { url, simulator } = await startSimulator();
    const monoova = await createMonoova({
      readApiKey: async () => ({ apiKey: API_KEY, environment: 'sandbox', baseUrl: url }),
      exchange: exchangeOverHttp,
      nowMs: Date.now,
      remitter: { name: '', mAccountToken: '' },
      postTimeoutMs: 0,
      lookupTimeoutMs: 2_000,
    }).connect();
    const target = { targetUrl: 'https://a.example/', token: 'bare' };
    expect(await monoova.subscribe('NppReturn', target)).toEqual({ kind: 'told', isNew: true });
    expect(await monoova.subscribe('NppReturn', target)).toEqual({ kind: 'told', isNew: false });
    const moved = { targetUrl: 'https://b.example/', token: 'Basic abc' };
    expect(await monoova.updateSubscription(3675, moved)).toEqual({ kind: 'told' });
    expect(await monoova.updateSubscription(1, moved)).toMatchObject({ kind: 'unknown' });
    expect(await monoova.subscriptions()).toEqual({
      kind: 'told',
      lines: [{ ...READ, id: 3675, targetUrl: 'https://b.example/' }],
      unreadable: 0,
    });
    const tokens = simulator
      .requests()
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body).securityToken);
    expect(tokens).toEqual(['Bearer bare', 'Bearer bare', 'Basic abc', 'Basic abc']);
  });
});
