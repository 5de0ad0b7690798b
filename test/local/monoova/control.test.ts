import { describe, expect, it } from 'vitest';
import { payIdPayout } from '../../support/monoova-client.ts';
import { answerOf, startSimulator } from './support.ts';

describe('the control surface', () => {
  it('is not there unless asked for', async () => {
    const { get } = await startSimulator();
    expect((await get('/_simulator/payments')).status).toBe(404);
  });

  it('shows payments, requests and webhooks without being counted among the requests', async () => {
    const { url, execute } = await startSimulator({ control: true });
    await execute(payIdPayout('ref-1'));
    const shown = async (what: string) => await (await fetch(`${url}/_simulator/${what}`)).json();
    expect(await shown('payments')).toMatchObject([{ uniqueReference: 'ref-1', amountCents: 1_250 }]);
    expect(await shown('requests')).toMatchObject([{ route: 'execute', httpStatus: 200 }]);
    expect(await shown('requests')).toHaveLength(1);
    expect(await shown('webhooks')).toEqual([]);
  });

  it('takes scripts by name or in full', async () => {
    const { post, execute, status } = await startSimulator({ control: true });
    const script = (body: unknown) => post('/_simulator/script', body);
    await script({ match: { amountCents: 1_250 }, behaviour: 'throttled', times: 1 });
    expect((await execute(payIdPayout('ref-1'))).status).toBe(429);
    expect((await execute(payIdPayout('ref-1'))).status).toBe(200);
    const answer = { kind: 'verbatim', httpStatus: 418, headers: {}, body: '' };
    await script({ match: { uniqueReference: 'ref-1' }, behaviour: { answer }, on: 'status' });
    expect((await status('ref-1')).status).toBe(418);
  });

  it.each([
    [{ behaviour: 'nonsense' }, 'No behaviour is called nonsense'],
    [{ behaviour: { anwser: {} } }, 'not anwser'],
    [{ behaviour: 'empty', on: 'nowhere' }, 'on must be one of'],
    [{ behaviour: 'empty', times: 0 }, 'times must be a whole number'],
    [{ behaviour: 'empty', match: { payid: 'x' } }, 'not payid'],
    ['{', 'not JSON'],
    ['[]', 'must be a JSON object'],
  ])('refuses the script %j', async (body, message) => {
    const { post } = await startSimulator({ control: true });
    const { httpStatus, json } = await answerOf(post('/_simulator/script', body));
    expect(httpStatus).toBe(400);
    expect(json['error']).toContain(message);
  });

  it('refuses a script that a foreign web page could send', async () => {
    const { url } = await startSimulator({ control: true });
    const response = await fetch(`${url}/_simulator/script`, { method: 'POST', body: '{"behaviour":"empty"}' });
    expect(response.status).toBe(400);
  });
});
