import { describe, expect, it } from 'vitest';
import { DestinationUnusableError } from '../../../domain/errors.ts';
import { createHandler } from '../../../functions/decrypt-destination/handler.ts';
import type { StoredDestination } from '../../../functions/shared/ports.ts';
import { createWorld } from '../../fakes/world.ts';

const STORED: StoredDestination = { id: 'dst-1', type: 'PayId', ciphertext: 'sealed', masked: 'forged mask' };

function open(...payout_destinations: StoredDestination[]) {
  const world = createWorld();
  const decrypt = createHandler({
    cipher: world.deps.cipher,
    metrics: world.deps.metrics,
    customers: {
      read: async (customer_id) => (customer_id === 'cust-1' ? { customer_id, payout_destinations } : undefined),
      put: async () => undefined,
    },
  });
  return {
    ...world,
    decrypt: (customer_id = 'cust-1', payout_method = 'PayId') => decrypt({ customer_id, payout_method }),
  };
}

describe('DecryptDestination', () => {
  it('gives back ciphertext and mask alone, the mask made of what was decrypted', async () => {
    const found = await open(STORED).decrypt();
    expect(found).toEqual({ destination: { id: 'dst-1', ciphertext: 'sealed', masked: 'j••••' }, refusal: null });
    expect(JSON.stringify(found)).not.toMatch(/jane|Citizen/i);
  });

  it('refuses a customer that is not registered', async () => {
    const { refusal } = await open(STORED).decrypt('cust-2');
    expect(refusal).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(refusal?.body ?? '').code).toBe('unknown_customer');
  });

  it('refuses a method for which the customer has no destination', async () => {
    const { refusal } = await open(STORED).decrypt('cust-1', 'BankAccount');
    expect(refusal).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(refusal?.body ?? '').code).toBe('no_such_destination');
  });

  it('counts and throws by name what does not decrypt under this customer', async () => {
    const { decrypt, counted } = open({ ...STORED, ciphertext: 'broken' });
    await expect(decrypt()).rejects.toThrow(DestinationUnusableError);
    expect(counted).toEqual(['DestinationUnusable']);
  });

  it('pays no destination of another type than its record says', async () => {
    const { decrypt } = open({ ...STORED, type: 'BankAccount' });
    await expect(decrypt('cust-1', 'BankAccount')).rejects.toThrow(DestinationUnusableError);
  });
});
