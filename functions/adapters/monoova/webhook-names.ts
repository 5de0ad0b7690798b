/** What Monoova can tell of a payout. A DirectEntryDishonour only where its `Type` is Credit. */
export const PAYOUT_EVENTS = ['NppPaymentStatus', 'NppReturn', 'DirectEntryDishonour'] as const;
export type PayoutEvent = (typeof PAYOUT_EVENTS)[number];

/** The other events that can be subscribed to (Payments OpenAPI v5.29, `eventName`): about money that comes in, and no business of payouts. */
const INBOUND_EVENTS = [
  'PayToReceivePayment',
  'NPPReceivePayment',
  'InboundDirectCredit',
  'InboundDirectDebit',
  'PendingInboundRtgsImt',
  'InboundRtgsImtStatus',
  'InboundDirectCreditRejections',
  'NPPCreditRejections',
  'DirectDebitClearance',
] as const;
export type InboundEvent = (typeof INBOUND_EVENTS)[number];

/** Fields that one inbound event alone has (the same specification), for a subscription whose URL names no event. */
const TELLTALES: readonly (readonly [field: string, event: InboundEvent])[] = [
  ['DirectCreditDetails', 'InboundDirectCredit'],
  ['TransactionIds', 'DirectDebitClearance'],
  ['PaymentDescription', 'NPPReceivePayment'],
];

/**
 * What a name says: an event of Monoova's, the name of an event that nobody here knows, or `odd` for what is no name at all. Monoova's
 * newer gateway spells the same events in camelCase, so case does not count.
 */
export type Named =
  | { readonly kind: 'payout'; readonly event: PayoutEvent }
  | { readonly kind: 'inbound'; readonly event: InboundEvent }
  | { readonly kind: 'unheard'; readonly event: string }
  | { readonly kind: 'odd'; readonly event: 'odd' };

const EVENT_NAME = /^[A-Za-z]{1,50}$/;

export function readName(name: unknown): Named {
  if (typeof name !== 'string' || !EVENT_NAME.test(name)) return { kind: 'odd', event: 'odd' };
  const isMeant = (event: string) => event.toLowerCase() === name.toLowerCase();
  const payout = PAYOUT_EVENTS.find(isMeant);
  if (payout) return { kind: 'payout', event: payout };
  const inbound = INBOUND_EVENTS.find(isMeant);
  return inbound ? { kind: 'inbound', event: inbound } : { kind: 'unheard', event: name };
}

/** Whether an event of this name is about a payout: one that is lost has to be sent for again. */
export function isPayoutEvent(eventName: string): boolean {
  return readName(eventName).kind === 'payout';
}

/** Whether an event of this name says that money came back, which no status call ever says. */
export function isReturnEvent(eventName: string): boolean {
  const named = readName(eventName);
  return named.kind === 'payout' && named.event !== 'NppPaymentStatus';
}

export function inboundByFields(json: object): InboundEvent | undefined {
  return TELLTALES.find(([field]) => Object.hasOwn(json, field))?.[1];
}
