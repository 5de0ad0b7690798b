import type { Connection } from './connection.ts';
import { scrub } from './masking.ts';

/** Ends a command with exit code 1. The message is the whole answer: what happened and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError' as const;
}

/** Ends a command with exit code 2: what was typed cannot be run as it stands. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** Ends a command with exit code 3: it has done its work, and found what no machine may decide. */
export class PersonNeededError extends Error {
  override readonly name = 'PersonNeededError' as const;
}

/** Network errors that mean "nobody is there". */
const NOBODY_THERE: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

const OWN_ERRORS = [CommandError, UsageError, PersonNeededError] as const;

/** One line that says what to do about any error that a command can end with. */
export function sentenceOf(error: unknown, connection: Connection): string {
  if (!(error instanceof Error)) return 'something went wrong that is no error: run it again with --debug';
  if (OWN_ERRORS.some((own) => error instanceof own)) return error.message;
  if (isNobodyThere(error)) return nobodyThere(connection);
  return credentialsSentence(error, connection) ?? `${error.name}: ${oneLine(scrub(error.message))}`;
}

/** True where the connection was never made, so nothing was received. */
export function isNobodyThere(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && NOBODY_THERE.includes(code)) return true;
  return isNobodyThere(error.cause);
}

function nobodyThere({ localEndpoint }: Connection): string {
  if (localEndpoint === undefined) return 'AWS does not answer: check the network and AWS_REGION';
  return `no local run at ${localEndpoint}: start one with npm start, name its port with AWS_ENDPOINT_URL=http://127.0.0.1:PORT, or name a deployed stage with --stage`;
}

function credentialsSentence(error: Error, { stage }: Connection): string | undefined {
  const { name, message } = error;
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return `no AWS credentials for stage ${stage}: sign in or set AWS_PROFILE, or leave --stage out to use a local run`;
  }
  if (name.startsWith('ExpiredToken')) return 'the AWS credentials have expired: sign in again';
  if (message === 'Region is missing') return 'no AWS region: set AWS_REGION (the stacks are in ap-southeast-2)';
  if (name.startsWith('AccessDenied')) return `these credentials may not do this: ${oneLine(message)}`;
  return undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
