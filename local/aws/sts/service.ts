import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import { ACCOUNT_ID } from '../account.ts';
import type { Credentials } from '../credentials.ts';
import { parseInput } from '../input.ts';
import { unknownAction, type WireRequest, type WireService } from '../wire.ts';

const NoInput = z.strictObject({});

/**
 * The Security Token Service, as far as it says who calls
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). Roles are assumed by the template's services alone.
 */
export class StsService implements WireService {
  readonly signingNames = ['sts'];

  async handle({ action, input, principal }: WireRequest): Promise<JsonObject> {
    if (action !== 'GetCallerIdentity') throw unknownAction('sts', action);
    parseInput(NoInput, input);
    return { UserId: userIdOf(principal), Account: ACCOUNT_ID, Arn: principal.principalArn };
  }
}

/** The account of its root, `AIDA...` of a user, `AROA...:session` of a role: made of the ARN, since nothing here gives ids. */
function userIdOf({ principalArn }: Credentials): string {
  const [kind = '', name = '', session] = (principalArn.split(':').at(-1) ?? '').split('/');
  if (kind === 'root') return ACCOUNT_ID;
  const id = createHash('sha256').update(`${kind}/${name}`).digest('hex').slice(0, 17).toUpperCase();
  return kind === 'user' ? `AIDA${id}` : `AROA${id}:${session ?? ''}`;
}
