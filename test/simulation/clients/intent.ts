import type { Destination, PayoutMethod } from '../../../domain/destination.ts';
import type { Item } from '../database/stored-value.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Vault } from './vault.ts';

/** One payout as a client means it. However often it asks for it, it is to be paid at most once. */
export type Intent = {
  /** `payout 1`: unique in the run. */
  readonly name: string;
  readonly customerId: string;
  readonly amountCents: number;
  readonly method: PayoutMethod;
  readonly description: string | undefined;
  /** Undefined where the client sends none. */
  readonly key: string | undefined;
  /** Why it will be refused; undefined for one that can be paid. */
  readonly flaw: Flaw | undefined;
};

export const FLAWS = ['unknown customer', 'no such destination', 'of another customer', 'not valid'] as const;
export type Flaw = (typeof FLAWS)[number];

const KEYED_SHARE = 0.75;

/** The nth payout of a run. The amounts differ, so that no two are one without a key. */
export function intentOf({ chance, gate }: Surroundings, index: number): Intent {
  const name = `payout ${index}`;
  const point = { label: 'client: request', service: 'client', kinds: [...FLAWS], rate: 0.05 };
  return {
    name,
    customerId: `cust-${index}`,
    amountCents: 1_000 * index + 1 + Math.floor(chance.unit(`${name} amount`) * 999),
    method: chance.unit(`${name} method`) < 0.5 ? 'PayId' : 'BankAccount',
    description: chance.unit(`${name} description`) < 0.5 ? `Refund ${index}` : undefined,
    key:
      chance.unit(`${name} key`) < KEYED_SHARE ? `order-${Math.floor(chance.unit(`${name} order`) * 1e9)}` : undefined,
    flaw: gate.at({ ...point, name: `${name} flaw` }) as Flaw | undefined,
  };
}

/** The customer's record, with a destination of each method unless something is wrong with it. */
export function customerOf({ customerId, method, flaw }: Intent, vault: Vault, index: number): Item | undefined {
  if (flaw === 'unknown customer') return undefined;
  const owner = flaw === 'of another customer' ? 'cust-other' : customerId;
  const destinations = destinationsOf(index)
    .filter(({ type }) => flaw !== 'no such destination' || type !== method)
    .map((destination) => {
      const id = `dst-${destination.type}-${index}`;
      const ciphertext = vault.lock(destination, { customer_id: owner, destination_id: id });
      return { id, type: destination.type, ciphertext, masked: '••••' };
    });
  return { customer_id: customerId, payout_destinations: destinations };
}

function destinationsOf(index: number): Destination[] {
  const accountName = `Vorpal Blade ${index}`;
  return [
    { type: 'PayId', payIdType: 'Email', payId: `vorpal.${index}@example.com`, accountName },
    { type: 'BankAccount', bsb: '802-985', accountNumber: `7394162${index}85`, accountName },
  ];
}
