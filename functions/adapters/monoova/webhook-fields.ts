import { type Cents, centsFromJson } from '../../../domain/money.ts';
import { parseReference, type UniqueReference } from '../../../domain/reference.ts';

/** Reads a field by its PascalCase name. `null` and an absent field are the same: undefined. */
export type Read = (name: FieldName) => unknown;

/** The fields of payout events that are ever read (OpenAPI v5.29); everything else in a body is left alone. */
const FIELD_NAMES = [
  'UniqueReference',
  'TransactionId',
  'Status',
  'Amount',
  'RejectionReasonDescription',
  'ReturnDate',
  'ReturnReason',
  'ReturnTransactionId',
  'TransactionReference',
  'OriginalTransactionId',
  'Type',
  'AccountName',
  'AccountNumber',
  'Bsb',
  'PayId',
  'BankDetails',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** Monoova's webhooks are spelt in PascalCase; the plan of this system, and Monoova's newer gateway, spell the same in camelCase. */
export type Spelling = 'Pascal' | 'camel' | 'mixed';

export type Fields = { readonly spelling: Spelling; readonly read: Read };

export function fieldsOf(json: Readonly<Record<string, unknown>>): Fields {
  const isThere = (name: string) => Object.hasOwn(json, name) && json[name] !== null;
  const isPascal = FIELD_NAMES.some(isThere);
  const isCamel = FIELD_NAMES.map(camel).some(isThere);
  const spelt = isCamel && !isPascal ? camel : (name: string) => name;
  return {
    spelling: isCamel ? (isPascal ? 'mixed' : 'camel') : 'Pascal',
    read: (name) => (isThere(spelt(name)) ? json[spelt(name)] : undefined),
  };
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Said, and not only there: Monoova may fill what does not apply with nothing. */
export function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== 0;
}

/** What a field holds, or what is wrong with it in words that never quote it; neither where it is absent. */
export type Field<Value> = { readonly value?: Value; readonly problem?: string };

const REFERENCE_MAX_CHARACTERS = 200;

export function referenceIn(read: Read, name: FieldName): Field<string> & { readonly ours?: UniqueReference } {
  const value = read(name);
  if (typeof value !== 'string' || value === '' || value.length > REFERENCE_MAX_CHARACTERS) {
    return { problem: `${name} is not a text of 1 to 200 characters` };
  }
  const ours = parseReference(value.toLowerCase());
  return ours === undefined ? { value } : { value: ours, ours };
}

export function amountIn(read: Read): Field<Cents> {
  const amount = read('Amount');
  if (amount === undefined) return {};
  const value = centsFromJson(amount);
  return value === undefined ? { problem: 'Amount is not an amount of whole cents' } : { value };
}

const WHOLE_NUMBER = /^[1-9]\d{0,14}$/;

/** A whole number of 1 or more, or the text of one. */
export function numberIn(read: Read, name: FieldName): Field<number> {
  const value = read(name);
  if (value === undefined) return {};
  const number = typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1) return { value: number };
  return { problem: `${name} is not a whole number of 1 or more` };
}

/** An absent field is a problem too. */
export function required<Value>(field: Field<Value>, name: FieldName): Field<Value> {
  return field.value === undefined && field.problem === undefined ? { problem: `${name} is missing` } : field;
}
