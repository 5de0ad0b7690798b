import * as z from 'zod';

/** How a customer is paid: an NPP PayID, or a bank account by BSB and number. */
export const PAYOUT_METHODS = ['PayId', 'BankAccount'] as const;
export type PayoutMethod = (typeof PAYOUT_METHODS)[number];

const NAME_MIN_CHARACTERS = 2;
/** Monoova echoes at most 140 characters of an account name in its webhooks (OpenAPI v5.29). */
const NAME_MAX_CHARACTERS = 140;
const PAY_ID_MAX_CHARACTERS = 256;
const PHONE_MAX_CHARACTERS = 35;

const accountName = z
  .string()
  .trim()
  .min(NAME_MIN_CHARACTERS, 'accountName needs at least 2 characters')
  .max(NAME_MAX_CHARACTERS, 'accountName holds at most 140 characters');

/**
 * PayID formats as Monoova's PayTo specification states them ("PAYID Format Validation", linked from `payIdType`), each with the
 * words that tell a person what to change.
 */
const PAY_ID_FORMATS = {
  PhoneNumber: {
    pattern: /^\+[0-9]{1,3}-[1-9][0-9]{1,29}$/,
    maxCharacters: PHONE_MAX_CHARACTERS,
    hint: 'a PhoneNumber PayID looks like +61-412345678',
  },
  Email: {
    pattern:
      /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    maxCharacters: PAY_ID_MAX_CHARACTERS,
    hint: 'an Email PayID is an e-mail address',
  },
  ABN: { pattern: /^[0-9]{11}$/, maxCharacters: 11, hint: 'an ABN PayID has 11 digits' },
  ACN: { pattern: /^[0-9]{9}$/, maxCharacters: 9, hint: 'an ACN PayID has 9 digits' },
  OrganisationId: {
    pattern: /^[!-@[-~][ -@[-~]{0,254}[!-@[-~]$/,
    maxCharacters: PAY_ID_MAX_CHARACTERS,
    hint: 'an OrganisationId PayID has 2 to 256 printable characters and no space at either end',
  },
} as const;

export const PAY_ID_TYPES = ['PhoneNumber', 'Email', 'ABN', 'ACN', 'OrganisationId'] as const;
export type PayIdType = (typeof PAY_ID_TYPES)[number];

const payIdDestination = z
  .strictObject({
    type: z.literal('PayId'),
    payIdType: z.enum(PAY_ID_TYPES),
    payId: z.string().trim().min(1).max(PAY_ID_MAX_CHARACTERS),
    accountName,
  })
  .transform((destination) => ({ ...destination, payId: normalisedPayId(destination.payIdType, destination.payId) }))
  .superRefine((destination, context) => {
    const format = PAY_ID_FORMATS[destination.payIdType];
    if (format.pattern.test(destination.payId) && destination.payId.length <= format.maxCharacters) return;
    context.addIssue({ code: 'custom', path: ['payId'], message: format.hint });
  });

const bankAccountDestination = z.strictObject({
  type: z.literal('BankAccount'),
  bsb: z
    .string()
    .trim()
    .regex(/^[0-9]{3}-?[0-9]{3}$/, 'a BSB has six digits, such as 802-985')
    .transform((bsb) => `${bsb.slice(0, 3)}-${bsb.slice(-3)}`),
  accountNumber: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{4,28}$/, 'an accountNumber has 4 to 28 letters or digits, without spaces'),
  accountName,
});

/** A destination in plain text. It lives only in the memory of the two functions that decrypt, and of the command line that registers it. */
export const destinationSchema = z.union([payIdDestination, bankAccountDestination]);
export type Destination = z.output<typeof destinationSchema>;

/** E-mail and organisation PayIDs are registered in lower case; a person may type them otherwise. */
function normalisedPayId(type: PayIdType, payId: string): string {
  return type === 'Email' || type === 'OrganisationId' ? payId.toLowerCase() : payId;
}

const MASK = '••••';
const SHOWN_MAX_CHARACTERS = 4;

/**
 * What an operator may see of a destination: at most four characters of the PayID or account number and at most a third of
 * them, never the BSB and never a name. The number of dots is always four, so the length is hidden as well.
 */
export function maskOf(destination: Destination): string {
  if (destination.type === 'BankAccount') return MASK + tailOf(destination.accountNumber);
  if (destination.payIdType !== 'Email') return MASK + tailOf(destination.payId);
  const mailbox = destination.payId.slice(0, destination.payId.indexOf('@'));
  return mailbox.slice(0, shownCharacters(mailbox)) + MASK;
}

function tailOf(text: string): string {
  return text.slice(text.length - shownCharacters(text));
}

function shownCharacters(text: string): number {
  return Math.min(SHOWN_MAX_CHARACTERS, Math.floor(text.length / 3));
}

/** The texts of a destination that must never be seen: what a scrubber has to take out of free text. */
export function secretsOf(destination: Destination): readonly string[] {
  const { accountName } = destination;
  if (destination.type === 'PayId') return [destination.payId, accountName];
  return [destination.bsb, destination.bsb.replace('-', ''), destination.accountNumber, accountName];
}
