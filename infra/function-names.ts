/** Every function by the name of its state or role; its folder, its placeholder and its construct are spelt from this one name. */
export const FUNCTION_NAMES = [
  'ValidatePayout',
  'DecryptDestination',
  'SubmitPayment',
  'CheckSettlement',
  'ReceiveWebhook',
  'RetryWebhook',
  'ReadPayouts',
  'Reconcile',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** `SubmitPayment` lives in `functions/submit-payment`. */
export function folderOf(name: FunctionName): string {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
