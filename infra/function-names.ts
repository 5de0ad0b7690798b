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
  'WatchPayouts',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The hook that tries the new versions of all others. It has no alias: what a deployment calls is its own newest code. */
export const SMOKE_TEST = 'SmokeTest';

export type AnyFunctionName = FunctionName | typeof SMOKE_TEST;

/** `SubmitPayment` lives in `functions/submit-payment`. */
export function folderOf(name: AnyFunctionName): string {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
