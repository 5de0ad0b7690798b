import { stsClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';

/**
 * The ARN of whoever runs the command, as AWS knows it and not as they say
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: it needs no permission).
 * @throws {CommandError} where AWS does not say.
 */
export async function operatorOf(connection: Connection): Promise<string> {
  const { client, GetCallerIdentityCommand } = await stsClient(connection);
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new CommandError('nothing was changed: AWS does not say who you are');
  return Arn;
}
