import { describe, expect, it } from 'vitest';
import { referenceOfKey } from '../../domain/reference.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled, uniqueKey } from '../support/payouts.ts';

/** Slow enough to be a human's webhook, short enough for a test: the simulator sends it a second after the payment. */
const WEBHOOK_MS = 1_500;

describe('a payout over the synthesised template', () => {
  const run = useLocalRun();

  it.each([
    ['cust-demo-payid', 'PayId'],
    ['cust-demo-bank', 'BankAccount'],
  ])('of %s by %s reaches Completed by webhook', async (customer_id, payout_method) => {
    const created = await createPayout(run(), { customer_id, amount: 12.34, payout_method });
    expect(created.status).toBe(202);
    expect(created.body).toMatchObject({ status: 'Pending', amount: 12.34, currency: 'AUD' });
    expect(created.headers.get('location')).toBe(`/dev/payouts/${created.id}`);
    expect(created.headers.get('idempotent-replayed')).toBeNull();

    await run().advance(WEBHOOK_MS);
    const payout = await settled(run(), created.id);
    expect(payout.status).toBe('Completed');
    expect(payout.history.map(({ source, event }) => `${source} ${event}`)).toEqual([
      'request recorded',
      'submission accepted',
      'webhook completed',
    ]);
  });

  it('whose bank refuses the money ends Rejected', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-rejected' });
    await run().advance(WEBHOOK_MS);
    expect(await settled(run(), id)).toMatchObject({ status: 'Rejected' });
  });

  it('that Monoova settles at once is Completed in its first answer, by the look-up after Ok', async () => {
    const created = await createPayout(run(), { customer_id: 'cust-demo-instant' });
    expect(created).toMatchObject({ status: 202, body: { status: 'Completed' } });
  });

  it('that Monoova declines is 422 and Failed, and 422 again for a replay', async () => {
    const request = { customer_id: 'cust-demo-no-funds', key: uniqueKey() };
    const first = await createPayout(run(), request);
    expect(first.status).toBe(422);
    expect(first.headers.get('content-type')).toBe('application/problem+json');
    expect(first.body).toMatchObject({ code: 'declined', transaction_id: `txn-${referenceOfKey(request.key)}` });
    expect(await getPayout(run(), first.id)).toMatchObject({ status: 'Failed' });

    const again = await createPayout(run(), request);
    expect(again.status).toBe(422);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(
      run()
        .simulator?.requests()
        .filter(({ uniqueReference }) => uniqueReference === referenceOfKey(request.key)),
    ).toHaveLength(1);
  });

  it('with the same key twice is one payment and a replay', async () => {
    const key = uniqueKey();
    const first = await createPayout(run(), { key });
    const again = await createPayout(run(), { key });
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(paymentsOf(key)).toHaveLength(1);
  });

  it('replays the status of now, whatever has changed about the customer since', async () => {
    const key = uniqueKey();
    const { id } = await createPayout(run(), { key });
    await run().advance(WEBHOOK_MS);
    await settled(run(), id);
    expect((await createPayout(run(), { key })).body).toMatchObject({ status: 'Completed' });
  });

  it.each([
    { amount: 12.35 },
    { customer_id: 'cust-demo-bank' },
    { payout_method: 'BankAccount' },
    { description: 'another' },
  ])('with the same key and another body is 422: %j', async (difference) => {
    const key = uniqueKey();
    await createPayout(run(), { key });
    const other = await createPayout(run(), { key, ...difference });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(paymentsOf(key)).toHaveLength(1);
  });

  it('asked for eight times at once with one key is one payment', async () => {
    const key = uniqueKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => createPayout(run(), { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    // Monoova would refuse a second POST; that none was made is ours.
    expect(postsOf(key)).toHaveLength(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  });

  it('with the same body twice and no key is one payment, and the answer says how to pay twice', async () => {
    const request = { key: null, description: `no key ${uniqueKey()}` };
    const first = await createPayout(run(), request);
    const again = await createPayout(run(), request);
    expect(again.id).toBe(first.id);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.body).toMatchObject({ message: expect.stringContaining('send a key to pay twice on purpose') });
    expect(
      run()
        .simulator?.payments()
        .filter(({ uniqueReference }) => `txn-${uniqueReference}` === first.id),
    ).toHaveLength(1);
  });

  it.each([
    'quotes " \' and \\ backslashes \\" \\u0022',
    '@@ @@,@@amount@@:999999,@@z@@:@@y',
    '$ $x ${x} $input.body $context.requestId $util.parseJson("{}")',
    '#if(true) #set($x = 1) #end ## comment #* block *#',
    'é ü 漢字 💸 👩‍👩‍👧 \u2028 \u00a0',
    '<script>alert(1)</script> & {{7*7}} %00 %s',
  ])('carries the description %j unharmed to Monoova and back', async (description) => {
    const key = uniqueKey();
    const created = await createPayout(run(), { key, description });
    expect(created.status).toBe(202);
    expect(await getPayout(run(), created.id)).toMatchObject({ description });
    expect(paymentsOf(key)).toMatchObject([{ lodgementReference: description }]);
  });

  it('reaches Monoova with its reference, its amount in cents and the remitter of the stage', async () => {
    const key = uniqueKey();
    await createPayout(run(), { key, amount: 37.8 });
    expect(paymentsOf(key)).toMatchObject([
      { uniqueReference: referenceOfKey(key), amountCents: 3780, endToEndId: referenceOfKey(key).replaceAll('-', '') },
    ]);
  });

  it('is answered in the same words by the machine and by GET', async () => {
    const created = await createPayout(run(), {
      customer_id: 'cust-demo-instant',
      key: null,
      description: uniqueKey(),
    });
    const shown: Record<string, unknown> = { ...(await getPayout(run(), created.id)) };
    for (const [field, value] of Object.entries(created.body)) expect(shown[field]).toEqual(value);
  });

  it('is listed with its customer, newest first', async () => {
    const first = await createPayout(run(), {
      customer_id: 'cust-demo-returned',
      payout_method: 'BankAccount',
      amount: 1,
    });
    const { body } = await run().request('GET', '/payouts?customer_id=cust-demo-returned&limit=1');
    expect(body).toMatchObject({ payouts: [{ transaction_id: first.id }] });
    const none = await run().request('GET', '/payouts?customer_id=nobody');
    expect(none.body).toEqual({ payouts: [] });
  });

  function postsOf(key: string) {
    const requests = run().simulator?.requests() ?? [];
    return requests.filter(
      ({ method, uniqueReference }) => method === 'POST' && uniqueReference === referenceOfKey(key),
    );
  }

  function paymentsOf(key: string) {
    return (run().simulator?.payments() ?? []).filter(({ uniqueReference }) => uniqueReference === referenceOfKey(key));
  }
});
