import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endToEndIdOf,
  fingerprintOf,
  hasOurForm,
  parseReference,
  parseTransactionId,
  referenceOf,
  referenceOfKey,
  referenceOfRandom,
  transactionIdOf,
  type UniqueReference,
} from '../../domain/reference.ts';

const request = { customer_id: 'cust-1', amount_cents: 100, payout_method: 'PayId', description: 'wages' };

describe('reference', () => {
  it('is the SHA-256 of the key laid out as a UUID of version 8', () => {
    // printf 'order-17' | sha256sum starts 5fbc7bf8e6bb4ed95c9f7e6a..., then version and variant are set.
    const reference = referenceOfKey('order-17');
    expect(reference).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(referenceOfKey('order-17')).toBe(reference);
    expect(referenceOfKey('Order-17')).not.toBe(reference);
  });

  it('is known for ours by its form, with a key and without, and other UUIDs are not', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ minLength: 16, maxLength: 16 }), (key, bytes) => {
        expect(hasOurForm(referenceOfKey(key))).toBe(true);
        expect(parseReference(referenceOfRandom(bytes))).toBe(referenceOfRandom(bytes));
        expect(hasOurForm(referenceOfRandom(bytes))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7] }), (foreign) => {
        expect(hasOurForm(foreign as UniqueReference)).toBe(false);
      }),
    );
  });

  it('goes into the transaction id and comes back from it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        const reference = referenceOfKey(key);
        const transactionId = transactionIdOf(reference);
        expect(parseReference(reference)).toBe(reference);
        expect(parseTransactionId(transactionId)).toBe(transactionId);
        expect(referenceOf(transactionId)).toBe(reference);
        expect(endToEndIdOf(reference)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  it.each([undefined, 7, '', 'txn-', 'txn-1', 'order-1', 'TXN-0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d'])(
    'knows that %j is no transaction id of ours',
    (text) => {
      expect(parseTransactionId(text)).toBeUndefined();
    },
  );

  it('fingerprints the four fields and nothing else', () => {
    const fingerprint = fingerprintOf(request);
    expect(fingerprintOf({ ...request })).toBe(fingerprint);
    expect(fingerprintOf({ ...request, customer_id: 'cust-2' })).not.toBe(fingerprint);
    expect(fingerprintOf({ ...request, amount_cents: 101 })).not.toBe(fingerprint);
    expect(fingerprintOf({ ...request, payout_method: 'BankAccount' })).not.toBe(fingerprint);
    expect(fingerprintOf({ ...request, description: undefined })).not.toBe(fingerprint);
    expect(fingerprintOf({ ...request, description: '' })).not.toBe(
      fingerprintOf({ ...request, description: undefined }),
    );
  });
});
