import type { Ledger } from './ledger.ts';
import type { ScriptBook } from './scripts.ts';
import type { Settings } from './settings.ts';
import type { Settlement } from './settlement.ts';
import type { SigningKey } from './signing-key.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { StoppableTime } from './time.ts';
import type { Webhooks } from './webhooks.ts';

/** What the endpoints work with. */
export type Context = {
  readonly time: StoppableTime;
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly settlement: Settlement;
  readonly signingKey: SigningKey;
  readonly subscriptions: Subscriptions;
  readonly webhooks: Webhooks;
  readonly scripts: ScriptBook;
  /** A reference for a payment that was sent without one. */
  readonly newReference: () => string;
};
